from __future__ import annotations

import builtins
import csv
import json
import re
from itertools import count
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import spacy
from annotated import TEXT, annotated, make_nlp, make_report
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from spacy.tokens.underscore import Underscore

from govreport_nlp.errors import GovReportError, MissingExtraError
from govreport_nlp.export import arrow
from govreport_nlp.export.formats import Format, format_of
from govreport_nlp.export.records import annotation_schema, report_of, to_dict, to_json
from govreport_nlp.export.tables import COLUMNS, LAYERS, tables, to_dataframe
from govreport_nlp.export.visual import show
from govreport_nlp.export.writers import open_writer, text_writer

VALIDATOR = Draft202012Validator(annotation_schema())


@pytest.fixture(scope="module")
def doc():
    return annotated(make_report())


def without_space(text: str) -> str:
    return "".join(text.split())


def test_the_schema_is_a_valid_schema():
    Draft202012Validator.check_schema(annotation_schema())


def test_record_of_a_report(doc):
    record = to_dict(doc)
    VALIDATOR.validate(record)
    assert list(record) == annotation_schema()["required"]
    assert record["source"] == "云溪.txt"
    assert record["sha256"] == make_report().source.sha256
    assert (record["report"], record["start"], record["end"]) == (0, 0, len(TEXT))
    assert record["meta"] == {
        "title": "云溪县政府工作报告",
        "place": "云溪县",
        "level": "county",
        "year": 2023,
        "date": "2023-01-05",
        "speaker": None,
    }
    assert [TEXT[p["start"] : p["end"]].split("\n")[0] for p in record["paragraphs"]] == [
        "云溪县政府工作报告",
        "一、过去一年",
        "全面推行河（湖）",
    ]
    assert [(p["kind"], p["level"]) for p in record["paragraphs"]] == [
        ("body", None),
        ("heading", 1),
        ("body", None),
    ]
    assert record["paragraphs"][0]["labels"] == ["ecology"]
    assert record["paragraphs"][0]["themes"] == {"economy": 0.1235, "ecology": 0.9}
    assert [TEXT[s["start"] : s["end"]] for s in record["sentences"]] == [
        "云溪县政府工作报告",
        "一、过去一年",
        "全面推行河（湖）\n长制，雪亮工\n— 3 —\n程投入使用。",
        "财政收入增长５.２%。",
    ]


def test_entity_text_is_the_source_slice_without_white_space(doc):
    entities = to_dict(doc)["entities"]
    assert [e["text"] for e in entities] == ["河（湖）长制", "雪亮工—3—程"]
    assert [e["id"] for e in entities] == [None, "雪亮工程"]
    assert [without_space(TEXT[e["start"] : e["end"]]) for e in entities] == [e["text"] for e in entities]


def test_indicators_are_mapped_to_the_source(doc):
    (indicator,) = to_dict(doc)["indicators"]
    assert TEXT[indicator["start"] : indicator["end"]] == "财政收入增长５.２%"
    assert (indicator["value"], indicator["change"], indicator["kind"]) == (None, 5.2, "result")


def test_plain_text_is_its_own_source():
    text = "一、过去一年\n\n落实“两个维护”。 \n"
    record = to_dict(make_nlp()(text))
    VALIDATOR.validate(record)
    assert record["source"] is None
    assert (record["start"], record["end"]) == (0, len(text))
    assert set(record["meta"].values()) == {None}
    assert [text[s["start"] : s["end"]] for s in record["sentences"]] == ["一、过去一年", "落实“两个维护”。"]
    assert record["entities"][0]["text"] == "两个维护"


@pytest.mark.parametrize("text", ["", " \n", "。", "字"])
def test_record_of_almost_nothing(text):
    for nlp in (spacy.blank("zh"), make_nlp()):
        record = to_dict(nlp(text))
        VALIDATOR.validate(record)
        assert record["entities"] == []
    assert len(record["sentences"]) == len(record["paragraphs"]) == bool(text.strip())


CHUNKS = [
    "河（湖）\n长制",
    "雪亮工\n— 3 —\n程",
    "两个维护",
    "。",
    "\n",
    " ",
    "，加强５",
    "%",
    "首页 > 政务公开\n",
    "！",
    "𠮷",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(CHUNKS), max_size=20).map("".join))
def test_offsets_always_slice_back(text):
    report = make_report(text)
    doc = annotated(report)
    record = json.loads(to_json(doc))
    VALIDATOR.validate(record)
    for layer in ("paragraphs", "sentences", "entities", "indicators"):
        spans = [(item["start"], item["end"]) for item in record[layer]]
        assert spans == sorted(spans)
        for start, end in spans:
            assert 0 <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()
    assert [report.text[slice(*report.clean_span(e["start"], e["end"]))] for e in record["entities"]] == [
        ent.text for ent in doc.ents
    ]
    assert [e["text"] for e in record["entities"]] == [
        without_space(text[e["start"] : e["end"]]) for e in record["entities"]
    ]
    sentences = "".join(row["text"] for row in tables(doc)["sentences"])
    assert without_space(sentences) == without_space(report.text)


def test_json_is_one_line_of_plain_utf8(doc):
    line = to_json(doc)
    assert "\n" not in line
    assert "云溪县" in line
    assert list(json.loads(line)) == annotation_schema()["required"]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ((), {"extra": 1}),
        (("meta",), {"extra": 1}),
        (("meta",), {"level": "village"}),
        (("meta",), {"date": "5 January"}),
        (("paragraphs", 0), {"kind": "list"}),
        (("paragraphs", 0), {"themes": {"economy": 1.2}}),
        (("entities", 0), {"start": -1}),
        (("entities", 0), {"text": "雪 亮"}),
        (("indicators", 0), {"kind": "hope"}),
    ],
)
def test_the_schema_is_strict(doc, where, value):
    record = to_dict(doc)
    part = record
    for step in where:
        part = part[step]
    part.update(value)
    with pytest.raises(ValidationError):
        VALIDATOR.validate(record)


@pytest.mark.parametrize("path", [(), ("meta",), ("paragraphs", 0), ("entities", 0), ("indicators", 0)])
def test_the_schema_requires_every_key(doc, path):
    keys = to_dict(doc)
    for step in path:
        keys = keys[step]
    for key in keys:
        record = to_dict(doc)
        part = record
        for step in path:
            part = part[step]
        del part[key]
        with pytest.raises(ValidationError):
            VALIDATOR.validate(record)


def test_data_frames(doc):
    docs = [doc, doc]
    frames = {layer: to_dataframe(docs, layer) for layer in LAYERS}
    for layer, frame in frames.items():
        assert list(frame.columns) == list(COLUMNS[layer])
        assert set(frame.document) == {0, 1}
    entities = frames["entities"]
    assert list(entities.paragraph) == [2, 2, 2, 2]
    assert list(entities.sentence) == [2, 2, 2, 2]
    assert str(entities.dtypes["start"]) == "Int64"
    paragraph = frames["paragraphs"].iloc[2]
    assert paragraph.text == "全面推行河（湖）长制，雪亮工程投入使用。财政收入增长5.2%。"
    assert (paragraph.theme, paragraph.score_ecology, paragraph.part) == ("ecology", 0.9, "review")
    assert list(paragraph.section) == ["一、过去一年"]
    report = frames["reports"].iloc[0]
    assert (report.place, report.year, report.entities, report.sentences) == ("云溪县", 2023, 2, 4)
    assert report.characters == len(without_space(make_report().text))


def test_a_theme_outside_the_scheme_adds_a_column(doc):
    other = annotated(make_report())
    other.spans["paragraphs"][0]._.themes = {"tourism": 0.5}
    frame = to_dataframe([doc, other], "paragraphs")
    assert frame.columns[-1] == "score_tourism"
    assert frame.score_tourism.notna().sum() == 1


def test_data_frame_of_nothing_has_typed_columns():
    frame = to_dataframe([], "indicators")
    assert list(frame.columns) == list(COLUMNS["indicators"])
    assert str(frame.dtypes["value"]) == "Float64"


def test_one_doc_is_a_table_too(doc):
    assert len(to_dataframe(doc)) == 2


def test_unknown_layer(doc):
    with pytest.raises(GovReportError, match=r"no layer 'themes'.*entities, paragraphs"):
        to_dataframe(doc, "themes")


def test_data_frames_need_pandas(doc, monkeypatch):
    real_import = builtins.__import__

    def without_pandas(name, *args, **kwargs):
        if name == "pandas":
            raise ImportError(name)
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_pandas)
    with pytest.raises(MissingExtraError, match=r"govreport-nlp\[pandas\]"):
        to_dataframe(doc)


def test_parquet_holds_the_records(doc, tmp_path, monkeypatch):
    monkeypatch.setattr(arrow, "ROW_GROUP", 2)
    path = tmp_path / "new" / "out.parquet"
    with open_writer(path, Format.PARQUET) as write:
        for _ in range(5):
            write(doc)
    file = pq.ParquetFile(path)
    assert file.metadata.num_row_groups == 3
    assert file.schema_arrow.equals(arrow.ARROW_SCHEMA)
    rows = file.read().to_pylist()
    for row in rows:
        for paragraph in row["paragraphs"]:
            paragraph["themes"] = dict(paragraph["themes"])
    assert rows == [to_dict(doc)] * 5


def test_arrow_table(doc):
    assert arrow.to_arrow([doc]).column("source").to_pylist() == ["云溪.txt"]


def test_csv_tables(doc, tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "notes.md").write_text("stays")
    with open_writer(tmp_path / "tables", Format.CSV) as write:
        write(doc)
        write(doc)
    assert {p.name for p in (tmp_path / "tables").iterdir()} == {
        "notes.md",
        *(f"{layer}.csv" for layer in LAYERS),
    }
    assert (tmp_path / "tables" / "reports.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    for layer in LAYERS:
        with (tmp_path / "tables" / f"{layer}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert list(rows[0]) == list(COLUMNS[layer])
        assert {row["document"] for row in rows} == {"0", "1"}
    assert rows[0]["title"] == "云溪县政府工作报告"


def test_csv_refuses_a_theme_without_column(tmp_path):
    other = annotated(make_report())
    other.spans["paragraphs"][0]._.themes = {"tourism": 0.5}
    with (
        pytest.raises(GovReportError, match="score_tourism"),
        open_writer(tmp_path / "t", Format.CSV) as write,
    ):
        write(other)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (to_dict, "docs"),
        (show, "docs"),
        (to_dataframe, "file.txt"),
        (to_dataframe, None),
        (to_dataframe, [1]),
    ],
)
def test_what_is_no_doc(doc, function, value):
    with pytest.raises(
        GovReportError, match=f"{function.__name__} takes .* not .*Docs come from gr.annotate"
    ):
        function([[doc]] if value == "docs" else value)


def test_attributes_page_has_every_attribute_and_column():
    page = (Path(__file__).parents[1] / "docs" / "attributes.md").read_text(encoding="utf-8")
    common, *layers = re.split(r"\n### (?=\w)", page.partition("## Columns")[2])
    documented = {text.split("\n", 1)[0]: text for text in layers}
    assert set(documented) == set(LAYERS)
    for layer, columns in COLUMNS.items():
        assert [name for name in columns if f"`{name}`" not in common + documented[layer]] == []
    extensions = {"doc": Underscore.doc_extensions, "span": Underscore.span_extensions}
    for kind, names in extensions.items():
        assert [name for name in names if f"`{kind}._.{name}`" not in page] == []


@pytest.mark.parametrize("format", Format)
def test_an_error_leaves_the_old_output(doc, tmp_path, format):
    path = tmp_path / "out"
    with open_writer(path, format) as write:
        write(doc)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    def write_and_stop():
        with open_writer(path, format) as write:
            write(doc)
            write(doc)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_stop()
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("format", Format)
def test_file_and_folder_are_not_mixed_up(tmp_path, format):
    path = tmp_path / "there"
    path.write_text("") if format is Format.CSV else path.mkdir()
    with pytest.raises(GovReportError, match="output needs a"):
        open_writer(path, format)


def test_formats_by_name(tmp_path):
    assert format_of(Path("a.JSONL")) is Format.JSONL
    assert format_of(tmp_path) is Format.CSV
    with pytest.raises(GovReportError, match=r"'\.xlsx'.*--format"):
        format_of(Path("a.xlsx"))


def test_text_of_sources(tmp_path):
    numbers = count()
    write = text_writer(tmp_path / "texts")
    first, second = "甲\r\n乙\n", "丙\r"
    for text in (first, first, second):
        write(make_report(text, name="a.pdf", number=next(numbers)).source)
    write(make_report(first, name="b.TXT").source)
    digest = make_report(second).source.sha256[:8]
    texts = {p.name: p.read_bytes().decode() for p in (tmp_path / "texts").iterdir()}
    assert texts == {"a.pdf.txt": first, f"a.pdf.{digest}.txt": second, "b.TXT": first}


def test_report_of_plain_text():
    assert report_of(spacy.blank("zh")("平安")).text == "平安"
