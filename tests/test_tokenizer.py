"""The tokenizer: lossless, aligned with entities, numbers and codes whole."""

from __future__ import annotations

import json
import pickle
import time

import pyarrow.parquet as pq
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from pipe_contract import REPORT
from spacy.lang.zh import Chinese
from spacy.language import Language
from spacy.training import Example

from govreport_nlp.tokenizer import CharacterTokenizer

NAME = "govreport_nlp.CharacterTokenizer.v1"


@pytest.fixture(scope="module")
def nlp() -> Language:
    return Chinese.from_config({"nlp": {"tokenizer": {"@tokenizers": NAME}}})


TOKENIZER = CharacterTokenizer(spacy.blank("zh").vocab)


@pytest.mark.parametrize(
    "tokens",
    [
        "增 长 5.2% ， 达 1,000.5 亿 元",
        "下 降 ３．５％ 、 0.3‰",
        "PM2.5 平 均 浓 度",
        "5G 基 站 和 G20 峰 会",
        "抗 击 COVID-19 、 H7N9 流 感",
        "R&D 经 费 ， Wi-Fi 覆 盖",
        "2022 - 2025 年 ， 2021 — 2035 年",
        "3 - 5G",
        "1.5G 和 5G-A",
        "mg / m3",
        "二 〇 二 三 年 三 千 亿",
        "100 , 2021 , 20",
        "5 . 发 展",
        "2023.5.1",
        "5% GDP",
        "ＧＤＰ ： １２３ ， ４５６",
        "10kV 变 电 站",
        "- 5",
        "A -",
    ],
)
def test_runs(tokens: str) -> None:
    expected = tokens.split()
    assert [token.text for token in TOKENIZER("".join(expected))] == expected


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("  ", [("  ", "")]),
        (" 好", [(" ", ""), ("好", "")]),
        ("5.2% 好", [("5.2%", " "), ("好", "")]),
        ("好  好", [("好", " "), (" ", ""), ("好", "")]),
        ("好 \n　好", [("好", " "), ("\n　", ""), ("好", "")]),
        ("好\n\n好", [("好", ""), ("\n\n", ""), ("好", "")]),
    ],
)
def test_white_space(text: str, tokens: list[tuple[str, str]]) -> None:
    assert [(token.text, token.whitespace_) for token in TOKENIZER(text)] == tokens


@given(st.text() | st.text(alphabet="0５9,.．%％‰aＧ-&/ \n　好，"))
def test_lossless(text: str) -> None:
    doc = TOKENIZER(text)
    assert doc.text == text
    for token in doc:
        assert token.is_space == token.text.isspace()
        assert token.is_space or not any(character.isspace() for character in token.text)


@pytest.mark.parametrize("unit", ["1", "1.", "1,000", "A-", "1&", ".", " ", "1%"])
def test_linear_time(unit: str) -> None:
    start = time.perf_counter()
    TOKENIZER(unit * 100_000)
    assert time.perf_counter() - start < 5


def test_round_trips(nlp: Language, tmp_path) -> None:
    nlp.to_disk(tmp_path)
    tokens = [token.text for token in nlp(REPORT)]
    for other in (
        spacy.load(tmp_path),
        Chinese.from_config(nlp.config).from_bytes(nlp.to_bytes()),
        pickle.loads(pickle.dumps(nlp)),
    ):
        assert isinstance(other.tokenizer, CharacterTokenizer)
        assert [token.text for token in other(REPORT)] == tokens
    texts = [REPORT, "", "5G"]
    assert [doc.text for doc in nlp.pipe(texts, n_process=2)] == texts


def test_scores(nlp: Language) -> None:
    doc = nlp(REPORT)
    assert nlp.evaluate([Example(nlp.make_doc(REPORT), doc)])["token_f"] == 1


@pytest.mark.shared
def test_entities_fall_on_tokens(shared) -> None:
    table = pq.read_table(shared / "reports" / "raw-reports.parquet", columns=["id", "text"]).to_pydict()
    texts = dict(zip(table["id"], table["text"], strict=True))
    entities = 0
    for path in sorted((shared / "annotations").glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        source = document["source"]
        file = shared / "reports" / source["file"]
        text = texts[source["id"]] if "id" in source else file.read_bytes().decode()
        doc = TOKENIZER(text)
        starts = {token.idx for token in doc}
        ends = {token.idx + len(token) for token in doc}
        for start, end, label in document["entities"]:
            assert start in starts, (path.name, text[start - 10 : end], label)
            assert end in ends, (path.name, text[start : end + 10], label)
            entities += 1
    assert entities == 5486
