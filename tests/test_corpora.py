from __future__ import annotations

import json
from collections import Counter

import pytest
from corpus_folder import TEXTS, make_corpus, make_record, write_texts

from govreport_nlp import corpora
from govreport_nlp.corpora import check, compare, features, find_corpus, load, statistics, validate
from govreport_nlp.corpora.attaching import attached_records
from govreport_nlp.corpora.catalogue import data_folder
from govreport_nlp.corpora.checking import check_sums
from govreport_nlp.corpora.counting import tables
from govreport_nlp.corpora.duplicates import near_duplicates
from govreport_nlp.corpora.exporting import export
from govreport_nlp.corpora.loading import LAYERS
from govreport_nlp.corpora.names import several_labels, unmarked_mentions
from govreport_nlp.corpora.records import read_records, with_text, write_records
from govreport_nlp.corpora.structure import span_problems, text_problems
from govreport_nlp.errors import GovReportError, MissingExtraError
from govreport_nlp.export.records import annotation_schema

SOURCE = "甲/2020.md"
TEXT = TEXTS[SOURCE]


@pytest.fixture
def small(tmp_path):
    return make_corpus(tmp_path)


@pytest.fixture
def record():
    return make_record(SOURCE, TEXT, "train")


def test_the_committed_corpora_are_sound():
    assert check_sums(data_folder()) == []
    for corpus in corpora.corpora():
        findings = check(corpus)
        assert findings.problems == []
        assert corpus.splits == ["train", "dev", "test"]
        assert findings.with_text == (findings.records if corpus.name == "starter" else 0)


def test_the_real_texts_fit_their_annotations(shared):
    findings = check(find_corpus("govreport"), shared / "reports")
    assert findings.problems == []
    assert findings.with_text == findings.records


def test_no_text_of_a_real_report_is_in_the_repository():
    for record in find_corpus("govreport").records():
        assert record["text"] is None
        assert all(entity["text"] is None for entity in record["entities"])


def test_the_split_tables_name_every_record():
    for corpus in corpora.corpora():
        lines = (corpus.folder / "splits.tsv").read_text(encoding="utf-8").splitlines()
        header, *rows = [line.split("\t") for line in lines if not line.startswith("#")]
        columns = {name: header.index(name) for name in ("id", "split", "level", "place", "year")}
        table = {row[columns["id"]]: row for row in rows}
        records = {record["id"]: record for record in corpus.records()}
        assert table.keys() == records.keys()
        for name, record in records.items():
            meta = record["meta"]
            expected = (record["split"], meta["level"], meta["place"], str(meta["year"]))
            assert tuple(table[name][columns[key]] for key in ("split", "level", "place", "year")) == expected


def test_both_guidelines_have_every_ruling():
    for name in ("guidelines.md", "guidelines.zh-CN.md"):
        text = (data_folder() / name).read_text(encoding="utf-8")
        for number in range(1, 64):
            assert f"\n{number}. " in text, (name, number)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_gives_one_row_a_paragraph(small, tmp_path, layer):
    texts = write_texts(tmp_path / "texts")
    train = load(small.folder, layer, split="train", texts=texts)
    assert train.features == features(layer)
    if layer == "words":
        assert len(train) == 0
        return
    title, body = train
    assert (title["text"], title["kind"], title["paragraph"]) == ("云溪镇政府工作报告", 0, 0)
    assert body["text"] == TEXT.split("\n")[2]
    if layer == "entities":
        spans = [(body["text"][e["start"] : e["end"]], e["text"], e["label"]) for e in body["entities"]]
        assert spans == [("河长制", "河长制", 0), ("雪亮工程", "雪亮工程", 0), ("云溪二桥", "云溪二桥", 2)]
    if layer == "themes":
        assert train.features["labels"].feature.int2str(body["labels"]) == ["ecology"]
    if layer == "sentences":
        ends = [body["text"][span["end"] - 1] for span in body["sentences"]]
        assert ends == ["。", "。"]


def test_words_are_loaded_where_they_are_annotated(small, tmp_path):
    record = next(small.records("train"))
    start = record["paragraphs"][0]["start"]
    record["words"] = [{"start": start, "end": start + 3}, {"start": start + 3, "end": start + 9}]
    write_records(small.path("train"), [record])
    (row,) = load(small.folder, "words", split="train", texts=write_texts(tmp_path / "texts"))
    assert [row["text"][word["start"] : word["end"]] for word in row["words"]] == ["云溪镇", "政府工作报告"]


def test_whole_records_and_all_splits(small, tmp_path):
    data = load(small.folder, texts=write_texts(tmp_path / "texts"))
    assert list(data) == ["train", "test"]
    assert data["train"][0]["text"] == TEXT
    assert data["train"].features == features()
    assert data["test"][0]["place"] == "柳湾县"


def test_loading_without_texts_gives_spans(small):
    body = load(small.folder, "entities", split="train")[1]
    assert body["text"] is None
    assert body["entities"][0] == {"start": 4, "end": 7, "label": 0, "text": None}


def test_missing_texts_are_an_error_unless_allowed(small, tmp_path):
    texts = write_texts(tmp_path / "texts", "乙.txt")
    with pytest.raises(
        GovReportError, match=r"1 texts are missing and 0 are changed: 甲/2020\.md.*incomplete"
    ):
        load(small.folder, "entities", texts=texts)
    with pytest.warns(UserWarning, match="left out"):
        data = load(small.folder, "entities", texts=texts, incomplete=True)
    assert (len(data["train"]), len(data["test"])) == (0, 2)
    assert len(load(small.folder, "entities", split="test", texts=texts)) == 2


def test_the_stand_off_corpus_loads_from_the_sample_documents(shared):
    test = load("govreport", "entities", split="test", texts=shared / "reports")
    for row in test:
        for entity in row["entities"]:
            assert "".join(row["text"][entity["start"] : entity["end"]].split()) == entity["text"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), "there is no corpus 'nowhere'. Choose one of: govreport, starter"),
        (("starter", "tokens"), "there is no layer 'tokens'. Choose one of: entities"),
    ],
)
def test_wrong_names(arguments, message):
    with pytest.raises(GovReportError, match=message):
        load(*arguments)
    with pytest.raises(
        GovReportError, match=r"there is no split 'validation'\. Choose one of: train, dev, test"
    ):
        load("starter", split="validation")


def test_extras_are_named_when_missing(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "datasets", None)
    with pytest.raises(MissingExtraError, match=r"govreport-nlp\[corpora\]"):
        load("starter")


def test_a_corpus_record_extends_the_annotation_record():
    annotation, corpus = annotation_schema(), corpora.corpus_schema()
    assert annotation["properties"].keys() <= corpus["properties"].keys()
    assert set(corpus["properties"]) - set(annotation["properties"]) == {
        *("id", "split", "annotator", "guideline_version", "regions", "text", "words")
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"split": "validation"}, r"\$\.split: 'validation' is not one of"),
        ({"sha256": "x"}, r"\$\.sha256"),
        ({"regions": [[1]]}, r"\$\.regions\[0\]"),
        ({"entities": [{"start": 0, "end": 1, "label": "EVENT", "text": None, "id": None}]}, "EVENT"),
        ({"meta": {}}, "'title' is a required property"),
        ({"note": 1}, "Additional properties"),
    ],
)
def test_the_validator_finds_wrong_form(record, change, message):
    assert validate(record) == []
    with pytest.raises(AssertionError, match=message):
        assert validate({**record, **change}) == []


def span(start, end, **more):
    return {"start": start, "end": end, **more}


@pytest.mark.parametrize(
    ("layer", "spans", "problem"),
    [
        ("entities", [span(14, 17), span(16, 19)], "entity 16–19 overlaps 14–17"),
        ("entities", [span(16, 17), span(14, 15)], "entity 14–15 stands after 16–17"),
        ("entities", [span(14, 14)], "entity 14–14 is empty"),
        ("entities", [span(7, 13)], "entity 7–13 does not lie in one paragraph"),
        ("entities", [span(26, 31)], "entity 26–31 does not lie in one sentence"),
        ("words", [span(13, 16)], "word 13–16 crosses the edge of entity 15–18"),
        ("sentences", [span(0, 9)], "paragraph 11–35 does not end with a sentence"),
        ("paragraphs", [span(0, 90, labels=["tourism"])], "paragraph 0–90 does not lie in one region"),
        ("paragraphs", [span(0, 36, labels=["tourism"])], "paragraph 0–36 has unknown themes: tourism"),
        ("regions", [[0, 99]], "region 0–99 does not lie in one report"),
    ],
)
def test_spans_out_of_place(record, layer, spans, problem):
    assert list(span_problems(record)) == []
    assert problem in list(span_problems({**record, layer: spans}))


def test_spans_that_do_not_fit_the_text(record):
    joined = with_text(record, TEXT)
    assert list(text_problems(joined, TEXT)) == []
    assert "SHA-256" in next(text_problems(record, TEXT.replace("河长制", "林长制")))
    joined["entities"][0] |= {"start": 9, "text": "河长"}
    joined["entities"][1] |= {"text": "雪亮"}
    joined["entities"][2] |= {"end": 99}
    assert list(text_problems({**joined, "end": 50}, TEXT)) == [
        "the report ends at 50, the text at 36",
        "entity 9–18 begins or ends with white space",
        "entity 19–23 has another text than its slice",
        "entity 30–99 leaves the text, which ends at 36",
    ]


def test_check_looks_across_records(small):
    (train,), (test,) = small.records("train"), small.records("test")
    test |= {
        "split": "train",
        "id": train["id"],
        "meta": {**test["meta"], "place": "云溪镇"},
        "sha256": "0" * 64,
    }
    write_records(small.path("test"), [test, {**test, "split": "test", "end": "x"}])
    problems = Counter((problem.kind, problem.what) for problem in check(small).problems)
    assert problems == {
        ("form", "$.end: 'x' is not of type 'integer'"): 1,
        ("splits", "it is train in the file of test"): 1,
        ("splits", "2 records have this id"): 1,
        ("splits", "the source table has no 乙.txt with its SHA-256"): 1,
    }


def test_a_place_stays_in_one_split(small):
    (test,) = small.records("test")
    write_records(small.path("test"), [{**test, "meta": {**test["meta"], "place": "云溪镇"}}])
    (problem,) = check(small).problems
    assert (problem.where, problem.what) == ("云溪镇", "the place is in several splits: test, train")


def test_sums(tmp_path):
    assert check_sums(tmp_path) == []
    for name in ("a", "b", ".hidden"):
        (tmp_path / name).write_text(name)
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  a\n{'0' * 64}  gone\n")
    found = [(problem.where, problem.what) for problem in check_sums(tmp_path)]
    assert found == [("gone", "is missing"), ("b", "is not listed"), ("a", "has changed")]


def long_record(name, split, text):
    paragraph = {"start": 0, "end": len(text)}
    return {"id": name, "split": split, "text": text, "paragraphs": [paragraph]}


def test_near_duplicates_are_found_between_splits_only():
    base = "".join(chr(0x4E00 + 7 * n) for n in range(150))
    other = "".join(chr(0x6E00 + 7 * n) for n in range(150))
    records = [
        long_record("a", "train", base),
        long_record("b", "train", base),
        long_record("c", "dev", base[:110] + "，" + other[:30]),
        long_record("d", "test", base[:60] + other[:90]),
        long_record("e", "test", base[:60]),
    ]
    assert [(near.record, near.other) for near in near_duplicates(records)] == [("c", "a")]


def test_names_that_are_marked_unevenly(small, tmp_path):
    records = list(attached_records(small.records(), TEXTS))
    assert several_labels(records) == []
    assert unmarked_mentions(records) == []
    removed = records[1]["entities"].pop(0)
    (mention,) = unmarked_mentions(records, least=1)
    assert (mention.record, mention.start, mention.usual) == ("乙", removed["start"], {"PROGRAMME": 1})
    assert mention.context == "政府工作报告全面推行【河长制】。柳湾水厂扩建工程竣工。"
    records[1]["entities"].insert(0, {**removed, "label": "SLOGAN"})
    assert [(m.record, m.label) for m in several_labels(records)] == [("乙", "SLOGAN"), ("甲", "PROGRAMME")]


def test_statistics(small):
    records = list(attached_records(small.records(), TEXTS))
    figures = statistics(records)
    assert json.loads(json.dumps(figures))["splits"]["all"] == {
        "documents": 2,
        "characters": 65,
        "paragraphs": 4,
        "sentences": 6,
        "words": 0,
        "PROGRAMME": 3,
        "SLOGAN": 0,
        "PROJECT": 2,
    }
    assert figures["unseen"]["test"]["PROJECT"] == {
        "names": 1,
        "unseen names": 1,
        "mentions": 1,
        "unseen mentions": 1,
    }
    assert figures["frequent"]["PROGRAMME"][0] == ("河长制", 2, 2)
    assert figures["periods"].keys() == {"2020–2024"}
    assert statistics(small.records())["unseen"] is None
    markdown = tables(figures)[0].markdown()
    assert "| all | 2 | 65 | 4 | 6 | 0 | 3 | 0 | 2 |" in markdown


def test_agreement_with_itself(small):
    agreement = compare(small.records(), small.records())
    figures = agreement.to_dict()
    assert {score["f1"] for score in figures["entities"].values()} == {1.0}
    assert (figures["kappa_entities"], figures["main_theme"], agreement.differences) == (1.0, 1.0, [])


def test_every_kind_of_difference(small):
    (a,) = small.records("train")
    b = json.loads(json.dumps(a))
    b["entities"][0]["label"] = "SLOGAN"
    b["entities"][1]["end"] += 2
    b["entities"][2] |= {"start": 32}
    b["entities"].append({**b["entities"][2], "start": 28, "end": 30})
    b["paragraphs"][1]["labels"] = []
    agreement = compare([a], [b])
    assert [(d.kind, d.a, d.b) for d in agreement.differences] == [
        ("themes", "ecology", "none"),
        ("label", "PROGRAMME 15–18", "SLOGAN 15–18"),
        ("extent", "PROGRAMME 19–23", "PROGRAMME 19–25"),
        ("only in B", "", "PROJECT 28–30"),
        ("extent", "PROJECT 30–34", "PROJECT 32–34"),
    ]
    assert agreement.entities["all"].f1 == 0
    assert (agreement.entities["PROJECT"].predicted, agreement.entities["PROJECT"].true) == (1, 2)
    assert agreement.themes.recall == 1.0
    assert 0 < agreement.kappa_entities < 1


def test_only_common_regions_are_compared(small):
    (a,) = small.records("train")
    b = {**a, "regions": [[0, 25]], "entities": a["entities"][:2]}
    agreement = compare([a], [b])
    assert (agreement.characters, agreement.differences) == (25, [])
    with pytest.raises(GovReportError, match="no text in common"):
        compare([a], [{**a, "sha256": "0" * 64}])


def test_export_for_the_hub(small, tmp_path):
    datasets = pytest.importorskip("datasets")
    files = export(small.folder, tmp_path / "hub", texts=write_texts(tmp_path / "texts"))
    names = [path.name for path in files]
    assert names == sorted(
        ["README.md", *(f"{c}-{s}.parquet" for c in ("reports", *LAYERS[:3]) for s in ("test", "train"))]
    )
    card = (tmp_path / "hub" / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\npretty_name: small\n")
    assert (
        "- config_name: entities\n  data_files:\n  - split: train\n    path: entities-train.parquet" in card
    )
    assert "words" not in card.split("---")[1]
    hub = datasets.load_dataset(str(tmp_path / "hub"), "entities", cache_dir=str(tmp_path / "cache"))
    assert hub["train"].features == features("entities")
    assert (len(hub["train"]), len(hub["test"])) == (2, 2)


@pytest.mark.parametrize("content", ["[1]\n", "{\n", b"\xff"])
def test_broken_files(tmp_path, content):
    path = tmp_path / "x.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(GovReportError, match=r"x\.jsonl"):
        list(read_records(path))
