"""Glossary: tables, matcher and pipe."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipe_contract import PipeContract
from spacy.lang.zh import Chinese
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example

import govreport_nlp.tokenizer  # noqa: F401 - registers the tokenizer
from govreport_nlp.errors import GovReportError
from govreport_nlp.labels import ENTITIES
from govreport_nlp.pipes.extensions import set_paragraphs
from govreport_nlp.pipes.glossary import (
    Entry,
    Glossary,
    GlossaryMatcher,
    GlossaryPipe,
    default_glossary,
    key_of,
    read_entries,
)
from govreport_nlp.reading.report import Paragraph

TABLES = {
    "glossary": (
        "双减\tPROGRAMME\n放管服\tPROGRAMME\n放管服改革\tPROGRAMME\n河（湖）长制\tPROGRAMME\n"
        "河湖长制\tPROGRAMME\t\t河（湖）长制\n两新\tPROGRAMME\tquoted\n双随机、一公开\tPROGRAMME\n七有五性\tPROGRAMME\n"
        "蓝天碧水净土保卫战\tPROGRAMME\n能耗双控\tPROGRAMME\n乡村振兴\tPROGRAMME\n六保\tPROGRAMME\n六稳\tPROGRAMME\n"
        "四个自信\tSLOGAN\n云溪通\tPROJECT\n12345热线\tPROGRAMME\n亲清政商关系\tSLOGAN\n"
    ),
    "patterns": "<q>\t=\t“[^“”]{1,9}”\n《[^《》]+条例》\tPROGRAMME\n开展(<q>行动)\tPROGRAMME\n",
    "heads": "行动\thead\tPROGRAMME\n监管\thead\tPROGRAMME\n布局\thead\n专项\tmodifier\n",
    "vetoes": "*\tafter\t”?(?:省级)?示范村\n两新\tafter\t”?组织\n六保\tbefore\t非$\n",
}
MATCHER = GlossaryMatcher(Glossary.from_tables(TABLES))


def marked(text: str) -> tuple[str, list[str]]:
    """Take the inline markup ``[name]`` out of a text; give the plain text and the names."""
    parts = text.replace("]", "[").split("[")
    return "".join(parts), parts[1::2]


@pytest.mark.parametrize(
    "text",
    [
        "落实[双减]政策",
        "落实“[双减]”工作",
        "落实‘[双减]’工作",
        "落实「[双减]」工作",
        '落实"[双减]"工作',
        "开展[“双减”专项行动]",
        "开展[双减专项行动]",
        "深化[“放管服”改革]",
        "深化[放管服改革]",
        "深化“[放管服]”和其他改革",
        "[“双随机、一公开”监管]",
        "推行[河(湖)长制]、[河湖长制]",
        "推行[河 （湖）\n长制]",
        "推行[河①湖长制]",
        "“[六稳]”“[六保]”",
        "“[六稳]”、“[六保]”",
        "[“蓝天”“碧水”“净土”保卫战]",
        "[“蓝天”碧水净土保卫战]",
        "构建[“亲”“清”政商关系]",
        "实行[能耗“双控”]",
        "抓好“[两新]”工作",
        "抓好两新工作",
        "抓好“两新”组织党建",
        "做到“七有”“五性”",
        "建设省级乡村振兴示范村",
        "推进[乡村振兴]",
        "非六保事项",
        "十六保一",
        "512345热线",
        "拨打[12345热线]",
        "坚定[四个自信]行动",
        "推动[“四个自信”行动]",
        "推动[“四个自信”布局]",
        "上线[云溪通]行动",
        "“深化[放管服]”改革",
        "修订[《云溪县河湖条例》]",
        "开展[“六保”行动]，开展[“花开”行动]",
        "",
        "“”",
    ],
)
def test_extents(text: str) -> None:
    plain, names = marked(text)
    assert [plain[match.start : match.end] for match in MATCHER.find(plain)] == names


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("河 湖 长制", "PROGRAMME", "河（湖）长制"),
        ("“四个自信”行动", "PROGRAMME", "四个自信行动"),
        ("“四个自信”布局", "SLOGAN", "四个自信布局"),
        ("“双减”专项行动", "PROGRAMME", "双减专项行动"),
        ("《云溪 条例》", "PROGRAMME", "《云溪条例》"),
    ],
)
def test_label_and_canonical_name(text: str, label: str, name: str) -> None:
    (match,) = MATCHER.find(text)
    assert (match.label, match.name) == (label, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("扫黑除恶", "扫黑除恶专项斗争"),
        ("扫黑除恶斗争", "扫黑除恶专项斗争"),
        ("“扫黑除恶”专项斗争", "扫黑除恶专项斗争"),
        ("家庭医生签约", "家庭医生签约服务"),
        ("“三重一大”决策制度", "三重一大"),
        ("放、管、服改革", "放管服改革"),
        ("“放管服”综合改革", "放管服综合改革"),
        ("河长制", "河长制"),
        ("河(湖)长制", "河湖长制"),
        ("“乡村大舞台”文化惠民工程", "乡村大舞台文化惠民工程"),
    ],
)
def test_bundled_canonical_names(text: str, name: str) -> None:
    (match,) = GlossaryMatcher(default_glossary()).find(text)
    assert match.name == name


def test_labels_can_be_chosen() -> None:
    matcher = GlossaryMatcher(Glossary.from_tables(TABLES), ["SLOGAN"])
    assert [match.name for match in matcher.find("四个自信、双减、《河湖条例》")] == ["四个自信"]
    assert matcher.find("“四个自信”行动") == []
    assert GlossaryMatcher(Glossary()).find("双减") == []


PIECES = st.sampled_from(
    [*'“”‘’"《》[] \n①1十', "双减", "河湖长制", "放管服", "改革", "行动", "六稳", "六保", "条例"]
)


@given(st.lists(PIECES).map("".join) | st.text())
def test_matches_are_apart_and_their_quotes_pair(text: str) -> None:
    end = 0
    for match in MATCHER.find(text):
        assert end <= match.start < match.end <= len(text)
        inside = text[match.start : match.end]
        assert inside == inside.strip()
        if '"' not in text and match.name[0] != "《":
            assert inside.count("“") == inside.count("”")
            assert inside.count("‘") == inside.count("’")
        end = match.end


@pytest.mark.parametrize(
    "piece", ["“", "“双”", "“双”、", "双减、", "实施", "实施建设", "《", "第1届", "河 ", "十"]
)
def test_time_is_linear(piece: str) -> None:
    matcher = GlossaryMatcher(default_glossary())
    times = []
    for length in (20_000, 80_000):
        text = (piece * length)[:length]
        best = min(_seconds(matcher, text) for _ in range(3))
        times.append(best)
    assert times[1] < 12 * times[0] + 0.05


def _seconds(matcher: GlossaryMatcher, text: str) -> float:
    start = time.perf_counter()
    matcher.find(text)
    return time.perf_counter() - start


# --- tables


def test_tables_round_trip() -> None:
    glossary = Glossary.from_tables(TABLES)
    again = glossary.to_tables()
    assert Glossary.from_tables(again).to_tables() == again
    assert len(again["patterns"].splitlines()) == 2


@pytest.mark.parametrize(
    ("table", "text", "message"),
    [
        ("glossary", "双减", r"glossary\.tsv, line 1: The name '双减' has no text or no label"),
        ("glossary", "“”\tPROGRAMME", "no text"),
        ("glossary", "双减\tPROGRAMME\tsometimes", "Write nothing or quoted"),
        ("glossary", "\tPROGRAMME", "first column is empty"),
        ("patterns", "(\tPROGRAMME", "is wrong"),
        ("patterns", "双减", "no label"),
        ("heads", "行动\ttail", "Write head or modifier"),
        ("vetoes", "# comment\n*\tbehind\tx", "line 2.*Write before or after"),
    ],
)
def test_wrong_tables(table: str, text: str, message: str) -> None:
    with pytest.raises(GovReportError, match=message):
        Glossary.from_tables({table: text})


def test_bundled_glossary() -> None:
    glossary = default_glossary()
    names = {entry.name for entry in glossary.entries}
    assert len(glossary.by_key) == len(glossary.entries) > 3000
    assert {entry.label for entry in glossary.entries} == set(ENTITIES)
    assert all("\t" not in entry.name and entry.name == entry.name.strip() for entry in glossary.entries)
    assert all(key_of(entry.canonical) != key_of(entry.name) for entry in glossary.entries)
    assert {"河长制", "放管服改革"} <= names
    for entry in glossary.entries:
        if entry.canonical:  # a variant names an entry with the same label, in one step
            canonical = glossary.by_key[key_of(entry.canonical)]
            assert (canonical.label, canonical.canonical) == (entry.label, "")


@pytest.mark.parametrize(
    "text",
    [
        "全面推行[林长制]，深化[“放管服”改革]，落实“[两个维护]”。",
        "编制[“十四五”规划]，出台[《云溪县养犬管理条例》]。",
        "推进[平安云溪建设]，打造[15分钟养老服务圈]。",
        "完成[第七次全国人口普查]，启动[“八五”普法]。",
        "组织实施新一轮[青苗培育计划]，深化[供水体制改革]。",
        "创建全国“四好农村路”示范县。",
        "学习贯彻[习近平新时代中国特色社会主义思想主题教育]走深走实。",
        "坚持[稳中求进]、[以进促稳]、[先立后破]。",
        "坚持稳中求进、稳中求优的总基调，树立“以人为本、珍视生命”的理念。",
        "开展[“乡村大舞台”文化惠民工程]，“示范村”“样板村”[文化惠民工程]。",
        "家庭医生签约率达到82.6%，家庭医生签约服务人数增加，推进[家庭医生签约服务]。",
        "[乡村振兴]率先突破。",
    ],
)
def test_bundled_names_and_patterns(text: str) -> None:
    plain, names = marked(text)
    matcher = GlossaryMatcher(default_glossary())
    assert [plain[match.start : match.end] for match in matcher.find(plain)] == names


# --- pipe


def make_nlp(**config: object) -> Language:
    nlp = Chinese.from_config({"nlp": {"tokenizer": {"@tokenizers": "govreport_nlp.CharacterTokenizer.v1"}}})
    nlp.add_pipe("govreport_glossary", config=config)
    return nlp


@pytest.fixture(scope="module")
def glossary_nlp(tmp_path_factory: pytest.TempPathFactory) -> Language:
    extra = tmp_path_factory.mktemp("glossary") / "names.tsv"
    extra.write_text("# mine\n青溪之春\tEVENT\n青溪春\tEVENT\tquoted\t青溪之春\n", encoding="utf-8")
    nlp = make_nlp()
    nlp.config["initialize"]["components"]["govreport_glossary"] = {"extra": str(extra)}
    nlp.initialize()
    extra.unlink()
    return nlp


class TestGlossaryContract(PipeContract):
    texts = (*PipeContract.texts[:-1], "“双减”\n“青溪春”", PipeContract.texts[-1])

    @pytest.fixture
    def nlp(self, glossary_nlp: Language) -> Language:
        return glossary_nlp

    def outcome(self, doc: Doc) -> list[tuple[int, int, str, str]]:
        return [(ent.start, ent.end, ent.label_, ent.kb_id_) for ent in doc.ents]


def test_extra_names(glossary_nlp: Language) -> None:
    doc = glossary_nlp("举办“青溪春”和青溪之春，落实双减。")
    assert [(ent.text, ent.label_, ent.kb_id_) for ent in doc.ents] == [
        ("青溪春", "EVENT", "青溪之春"),
        ("青溪之春", "EVENT", "青溪之春"),
        ("双减", "PROGRAMME", "双减"),
    ]


def test_names_end_with_their_paragraph() -> None:
    nlp = make_nlp()
    assert [ent.text for ent in nlp("落实双\n减政策")] == [] if False else not nlp("落实双\n减政策").ents
    doc = set_paragraphs(nlp.make_doc("落实双\n减政策"), [Paragraph(0, 7)])
    assert [ent.text for ent in nlp(doc).ents] == ["双\n减"]


@pytest.mark.parametrize(
    ("overwrite", "texts"), [(False, ["放管", "双减"]), (True, ["“放管服”改革", "双减"])]
)
def test_entities_that_stand_already(overwrite: bool, texts: list[str]) -> None:
    nlp = make_nlp(overwrite=overwrite)
    doc = nlp.make_doc("深化“放管服”改革，双减")
    doc.ents = [Span(doc, 3, 5, "MINE")]
    assert [ent.text for ent in nlp(doc).ents] == texts


def test_options() -> None:
    text = "落实双减和两个维护，实施青苗培育计划。"
    assert [ent.text for ent in make_nlp(labels=["SLOGAN"])(text).ents] == ["两个维护"]
    assert [ent.text for ent in make_nlp(patterns=False)(text).ents] == ["双减", "两个维护"]


def test_missing_extra_file() -> None:
    with pytest.raises(GovReportError, match="cannot be read"):
        GlossaryPipe().initialize(extra="nowhere.tsv")


def test_scores() -> None:
    nlp = make_nlp()
    gold = nlp.make_doc("落实双减")
    gold.ents = [Span(gold, 2, 4, "PROGRAMME")]
    assert nlp.evaluate([Example(nlp.make_doc(gold.text), gold)])["ents_f"] == 1


def test_add_replaces() -> None:
    pipe = GlossaryPipe()
    pipe.add(read_entries("“双减”\tMINE", where="mine"))
    assert pipe.glossary.by_key["双减"] == Entry("“双减”", "MINE")
