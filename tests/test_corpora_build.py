"""The scripts that build the committed corpora."""

from __future__ import annotations

import json
import random

import pytest
from corpus_folder import TEXTS, make_record

from govreport_nlp.corpora.catalogue import data_folder, find_corpus
from govreport_nlp.corpora.counting import statistics
from govreport_nlp.corpora.structure import span_problems, text_problems
from govreport_nlp.errors import GovReportError
from training.corpora.build import main as build
from training.corpora.card import filled
from training.corpora.corrections import apply_corrections
from training.corpora.rendering import STYLES, read_starter, render
from training.corpora.splits import extend_splits
from training.corpora.words import word_spans

HEADER = "level: township\nplace: 鹭桥镇\nyear: 2016\nstyle: {}\n---\n"
BODY = """\
H - | 政府工作报告
H - | ——2016年1月8日在鹭桥镇第十八届人民代表大会第六次会议上
H - | 一、2015年工作回顾
B economy | 产业发展提速。[J|恒岳精密铸件项目]投资3.2亿元，[J|110千伏鹭桥变电站]投运。推进[G|“千企改造”行动]。
B livelihood,safety | “钱从哪里来？”的问题解决了。[G|乡村振兴]推进，[J|中心幼儿园]开园，践行[S|以人民为中心]。
"""


@pytest.fixture
def starter(tmp_path):
    def write(style: str, body: str = BODY):
        path = tmp_path / "a-01.txt"
        path.write_text(HEADER.format(style) + body, encoding="utf-8")
        return read_starter(path)

    return write


def folded(text: str) -> str:
    """Undo what the styles do to characters."""
    wide = str.maketrans("０１２３４５６７８９．％，；：？！（）", "0123456789.%,;:?!()")
    return "".join(text.translate(wide).replace("**", "").split())


@pytest.mark.parametrize("style", STYLES)
def test_every_style_carries_the_annotation_over(starter, style):
    text = starter(style)
    record = render(text, "train", words={}, guideline_version="3.1")
    assert render(text, "train", words={}, guideline_version="3.1") == record
    assert list(span_problems(record)) == []
    assert list(text_problems(record, record["text"])) == []
    names = [
        folded(paragraph[start:end])
        for paragraph, spans in zip(text.paragraphs, text.entities, strict=True)
        for start, end, _ in spans
    ]
    assert [folded(entity["text"]) for entity in record["entities"]] == names
    assert [paragraph["labels"] for paragraph in record["paragraphs"]] == text.themes
    assert len(record["sentences"]) == 8
    for paragraph, source in zip(record["paragraphs"], text.paragraphs, strict=True):
        shown = folded(record["text"][paragraph["start"] : paragraph["end"]]).lstrip("#")
        assert shown == folded(source)


def test_words_are_carried_over_too(starter):
    text = starter("pdf")
    record = render(text, "train", words={0: [2, 2, 2]}, guideline_version="3.1")
    words = ["".join(record["text"][word["start"] : word["end"]].split()) for word in record["words"]]
    assert words == ["政府", "工作", "报告"]
    with pytest.raises(GovReportError, match="do not make up"):
        word_spans("政府工作报告", [2, 2])
    with pytest.raises(GovReportError, match="do not make up"):
        word_spans("政府工作报告", [2, 2, 3])


def test_web_pages_have_lines_around_the_report(starter):
    record = render(starter("web"), "train", words={}, guideline_version="3.1")
    assert record["start"] > 0
    assert record["end"] < len(record["text"].rstrip())


@pytest.mark.parametrize(
    ("style", "body", "message"),
    [
        ("paper", BODY, "style"),
        ("pdf", "X - | 正文", "cannot be read"),
        ("pdf", "B tourism | 正文", "cannot be read"),
        ("pdf", "B - | 推进[G|河长制。", "mark is broken"),
    ],
)
def test_faults_of_starter_texts(starter, style, body, message):
    with pytest.raises(GovReportError, match=message):
        starter(style, body)


@pytest.fixture
def table(tmp_path):
    def write(*rows: str):
        path = tmp_path / "corrections.tsv"
        header = "document\tkind\tstart\tend\told_label\tnew_start\tnew_end\tnew_label\treason"
        path.write_text("\n".join([header, *(row.replace("|", "\t") for row in rows), ""]), encoding="utf-8")
        return path

    return write


@pytest.fixture
def record():
    return make_record("甲/2020.md", TEXTS["甲/2020.md"], "train")


def test_corrections(record, table):
    path = table(
        "甲|entity|15|18|PROGRAMME|13|18|SLOGAN|extent and label",
        "甲|entity|30|34|PROJECT||||no name",
        "甲|entity||||28|34|PROJECT|in its place",
        "甲|theme|11|35|ecology|11|35|ecology,safety|two fields",
        "甲|heading|0|9|heading|0|9|body|no heading",
    )
    assert apply_corrections([record], path) == 5
    assert [(e["start"], e["end"], e["label"]) for e in record["entities"]] == [
        (13, 18, "SLOGAN"),
        (19, 23, "PROGRAMME"),
        (28, 34, "PROJECT"),
    ]
    assert [(p["kind"], p["labels"]) for p in record["paragraphs"]] == [
        ("body", []),
        ("body", ["ecology", "safety"]),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("甲|entity|15|18|PROJECT||||x", "row 1: there is no entity 15–18 PROJECT"),
        ("甲|theme|11|35|safety|11|35||x", "row 1: there is no theme 11–35 safety"),
        ("甲|entity||||17|20|PROJECT|x", "row 1: 17–20 overlaps"),
        ("丙|entity||||17|20|PROJECT|x", "no record '丙'"),
    ],
)
def test_corrections_that_do_not_apply(record, table, row, message):
    with pytest.raises(GovReportError, match=message):
        apply_corrections([record], table(row))


def test_splits_are_kept_and_extended():
    rng = random.Random(1)
    documents = [(f"d{n}", rng.randint(2000, 4000), [rng.choice("xy")]) for n in range(60)]
    before = extend_splits({}, documents[:30])
    after = extend_splits(before, documents)
    assert {name: after[name] for name in before} == before
    total = sum(size for _, size, _ in documents)
    for split, low, high in (("train", 0.66, 0.78), ("dev", 0.08, 0.16), ("test", 0.12, 0.2)):
        assert low < sum(size for name, size, _ in documents if after[name] == split) / total < high


def test_the_committed_starter_corpus_is_what_the_script_builds(tmp_path):
    committed = data_folder() / "starter"
    (tmp_path / "starter").mkdir()
    (tmp_path / "starter" / "splits.tsv").write_bytes((committed / "splits.tsv").read_bytes())
    build(None, tmp_path)
    for name in ("train.jsonl", "dev.jsonl", "test.jsonl", "splits.tsv"):
        assert (tmp_path / "starter" / name).read_bytes() == (committed / name).read_bytes()


def test_the_committed_stand_off_corpus_is_what_the_script_builds(shared, tmp_path):
    committed = data_folder() / "govreport"
    for name in ("govreport", "starter"):
        (tmp_path / name).mkdir()
    build(shared, tmp_path)
    for name in ("train.jsonl", "dev.jsonl", "test.jsonl", "sources.tsv"):
        assert (tmp_path / "govreport" / name).read_bytes() == (committed / name).read_bytes()


def test_the_data_card_has_the_figures_of_the_corpora():
    folder = data_folder()
    figures = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
    agreement = json.loads((folder / "agreement.json").read_text(encoding="utf-8"))
    card = (folder / "DATACARD.md").read_text(encoding="utf-8")
    assert filled(card, figures, agreement) == card
    for name, committed in figures.items():
        counted = json.loads(json.dumps(statistics(find_corpus(name).records())))
        assert {key: value for key, value in counted.items() if value} == {
            key: committed[key] for key in counted if counted[key]
        }
