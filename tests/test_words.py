"""Words: the segmenter, its training and the pipe."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import spacy_pkuseg
from hypothesis import given
from hypothesis import strategies as st
from pipe_contract import REPORT, PipeContract
from spacy.lang.zh import Chinese
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

import govreport_nlp.tokenizer  # noqa: F401 - registers the tokenizer
from govreport_nlp.errors import GovReportError
from govreport_nlp.pipes.words import WordSegmenter, WordsPipe, fold

SCRIPT = Path(__file__).parents[1] / "training" / "words" / "train.py"
GOLD = """\
青溪 县 政府 推进 5G 网络 建设 。
全县 地区 生产 总值 增长 5.2% ， 一般 公共 预算 收入 达 1,000 亿 元 。
深化 “ 放 管 服 ” 改革 ， 优化 营商 环境 。
统一 市场 建设 ， 一些 企业 投资 项目 。
PM2.5 平均 浓度 下降 10% ， 生态 环境 改善 。
各位 代表 ， 现在 我 代表 县 政府 向 大会 报告 工作 。
2023 年 ， 全县 经济 发展 稳 中 向 好 。
"""


def _corpus(path: Path) -> Path:
    blocks = []
    for sentence in GOLD.splitlines() * 15:
        blocks.append("# text = …\n" + "".join(f"{i}\t{w}\tO\n" for i, w in enumerate(sentence.split(), 1)))
    path.write_text("\n".join(blocks), encoding="utf-8")
    return path


def _train(corpus: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, SCRIPT, "--train", corpus, "--out", out, "--epochs", "8", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def words_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a model trained by the script on a few invented sentences."""
    folder = tmp_path_factory.mktemp("words")
    corpus = _corpus(folder / "gold.iob2")
    result = _train(corpus, folder / "model", "--test", str(corpus))
    assert result.returncode == 0, result.stderr
    assert '"f1": 1.0' in result.stdout
    return folder / "model"


@pytest.fixture(scope="session")
def segmenter(words_model: Path) -> WordSegmenter:
    return WordSegmenter.from_path(words_model)


def make_nlp(model: Path, **config: object) -> Language:
    nlp = Chinese.from_config({"nlp": {"tokenizer": {"@tokenizers": "govreport_nlp.CharacterTokenizer.v1"}}})
    nlp.add_pipe("govreport_words", config=config)
    nlp.config["initialize"]["components"]["govreport_words"] = {"model": str(model)}
    nlp.initialize()
    return nlp


@pytest.fixture(scope="session")
def words_nlp(words_model: Path) -> Language:
    return make_nlp(words_model, lexicon=["放管服"])


class TestWordsContract(PipeContract):
    @pytest.fixture
    def nlp(self, words_nlp: Language) -> Language:
        return words_nlp

    def outcome(self, doc: Doc) -> list[tuple[int, int, str]]:
        spans = doc.spans.get("words", [])
        assert [span.text for span in spans] == doc._.words
        return [(span.start, span.end, span.text) for span in spans]


# --- segmenter


@pytest.mark.parametrize("sentence", GOLD.splitlines())
def test_cuts_what_it_was_trained_on(segmenter: WordSegmenter, sentence: str) -> None:
    words = sentence.split()
    assert segmenter.cut("".join(words)) == words


def test_training_is_reproducible(words_model: Path, tmp_path: Path) -> None:
    corpus = _corpus(tmp_path / "gold.iob2")
    assert _train(corpus, tmp_path / "again").returncode == 0
    assert _train(corpus, tmp_path / "other", "--seed", "1").returncode == 0
    first, again, other = (
        (folder / "segmenter.msgpack").read_bytes()
        for folder in (words_model, tmp_path / "again", tmp_path / "other")
    )
    assert first == again
    assert first != other


def test_training_on_too_little_fails(tmp_path: Path) -> None:
    (tmp_path / "empty.iob2").write_text("# nothing\n", encoding="utf-8")
    result = _train(tmp_path / "empty.iob2", tmp_path / "model")
    assert result.returncode == 2
    assert "pkuseg" in result.stderr


def test_decodes_like_pkuseg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from spacy_pkuseg.feature_extractor import FeatureExtractor

    monkeypatch.setattr(FeatureExtractor, "num", set())
    monkeypatch.setattr(FeatureExtractor, "letter", set())
    (tmp_path / "gold.txt").write_text(fold(GOLD * 3), encoding="utf-8")
    spacy_pkuseg.train(
        str(tmp_path / "gold.txt"), str(tmp_path / "gold.txt"), str(tmp_path / "model"), train_iter=2
    )
    theirs = spacy_pkuseg.pkuseg(str(tmp_path / "model"), user_dict=None)
    ours = WordSegmenter.from_pkuseg(tmp_path / "model")
    characters = "".join(GOLD.split())
    texts = [
        text
        for start in range(len(characters))
        for text in (characters[start : start + 17], characters[start::7], characters[start])
    ]
    # Rounding to half precision may turn a tie.
    differing = [text for text in texts if [fold(word) for word in ours.cut(text)] != theirs.cut(fold(text))]
    assert len(differing) <= 0.01 * len(texts), differing


@given(st.text())
def test_segmenter_is_lossless(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x81\xa6format\xa1x"])
def test_broken_model(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(GovReportError, match="cannot be read"):
        WordSegmenter.from_bytes(data)
    with pytest.raises(GovReportError, match="no word segmentation model"):
        WordSegmenter.from_path(tmp_path)


@given(st.data())
def test_truncated_model(segmenter: WordSegmenter, data: st.DataObject) -> None:
    whole = segmenter.to_bytes()
    with pytest.raises(GovReportError, match="cannot be read"):
        WordSegmenter.from_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])


# --- pipe


@given(st.text(alphabet="好经济发展增长5.2%aG， \n　。") | st.text())
def test_words_cover_the_text(words_nlp: Language, text: str) -> None:
    doc = words_nlp(text)
    assert "".join(doc._.words) == "".join(text.split())
    assert not any(character.isspace() for word in doc._.words for character in word)
    assert [span.start for span in doc.spans["words"]] == sorted({span.start for span in doc.spans["words"]})


@given(st.data())
def test_words_keep_within_edges(words_nlp: Language, data: st.DataObject) -> None:
    doc = words_nlp.make_doc(REPORT)
    offsets = st.lists(st.integers(0, len(doc)), max_size=12, unique=True).map(sorted)
    bounds = data.draw(offsets)
    doc.set_ents([Span(doc, a, b, "PROJECT") for a, b in zip(bounds[::2], bounds[1::2], strict=False)])
    paragraphs = [0, *(n for n in data.draw(offsets) if 0 < n < len(doc)), len(doc)]
    doc.spans["paragraphs"] = SpanGroup(doc, spans=[doc[a:b] for a, b in pairwise(paragraphs)])
    if data.draw(st.booleans()):
        sentences = set(data.draw(offsets)) | {0}
        for token in doc:
            token.is_sent_start = token.i in sentences
    words_nlp.get_pipe("govreport_words")(doc)
    edges = {n for span in [*doc.ents, *doc.spans["paragraphs"]] for n in (span.start, span.end)}
    edges |= {token.i for token in doc if token.is_sent_start}
    assert "".join(doc._.words) == "".join(REPORT.split())
    for word in doc.spans["words"]:
        assert not edges & set(range(word.start + 1, word.end))


def test_entity_edges_cut_words(words_nlp: Language) -> None:
    doc = words_nlp.make_doc("统一市场建设")
    doc.set_ents([doc.char_span(1, 3, "PROJECT")])
    assert words_nlp.get_pipe("govreport_words")(doc)._.words == ["统", "一", "市", "场", "建设"]


def test_segments_over_white_space_inside_a_sentence(words_nlp: Language) -> None:
    doc = words_nlp.make_doc("经济 发\n展 5.2%")
    for token in doc:
        token.is_sent_start = token.i == 0
    assert words_nlp.get_pipe("govreport_words")(doc)._.words == ["经济", "发", "展", "5.2%"]


def test_lexicon(words_model: Path) -> None:
    text = "深化“放管服”改革，推进5G网络建设"
    plain, kept = make_nlp(words_model), make_nlp(words_model, lexicon=["放管服", "放管", "G网", "5G网络"])
    assert "放管服" not in plain(text)._.words
    assert kept(text)._.words == ["深化", "“", "放管服", "”", "改革", "，", "推进", "5G网络", "建设"]


@pytest.mark.parametrize("word", ["", " ", "放 管", "放管\n"])
def test_lexicon_refuses(word: str) -> None:
    with pytest.raises(GovReportError, match="lexicon holds"):
        WordsPipe(lexicon=[word])


def test_needs_a_model() -> None:
    nlp = Chinese()
    pipe = nlp.add_pipe("govreport_words")
    with pytest.raises(GovReportError, match="no word segmentation model"):
        nlp("好")
    with pytest.raises(GovReportError, match="no word segmentation model"):
        pipe.initialize(model="nowhere")


def test_saves_without_a_model(tmp_path: Path) -> None:
    pipe = WordsPipe()
    pipe.to_disk(tmp_path / "pipe")
    assert pipe.from_disk(tmp_path / "pipe").from_bytes(pipe.to_bytes()).segmenter is None


def test_words_of_a_plain_doc() -> None:
    assert Chinese()("好")._.words == []
