from __future__ import annotations

import json

import pytest
from corpus_folder import TEXTS, make_corpus, write_texts
from typer.testing import CliRunner

from govreport_nlp.cli import app
from govreport_nlp.corpora.records import read_records, write_records


@pytest.fixture
def small(tmp_path):
    return make_corpus(tmp_path).folder


@pytest.fixture
def texts(tmp_path):
    return write_texts(tmp_path / "texts")


def run(*arguments: object):
    return CliRunner().invoke(app, ["corpus", *map(str, arguments)], env={"COLUMNS": "200"})


def test_list():
    result = run("list", "--json")
    facts = {fact["name"]: fact for fact in json.loads(result.stdout)}
    assert facts["starter"]["text"] == "included"
    assert facts["starter"]["license"] == "CC-BY-4.0"
    assert facts["govreport"]["documents"] > 100
    assert "attach or fetch it" in run("list").stdout


def test_stats(small, texts):
    without = run("stats", small)
    assert without.exit_code == 0
    assert "names are counted only with the texts" in without.stderr
    joined = run("stats", small, "--texts", texts, "--json")
    assert json.loads(joined.stdout)["small"]["frequent"]["PROGRAMME"][0][0] == "河长制"
    assert "Names in most documents" in run("stats", small, "--texts", texts).stdout


def test_plots(small, tmp_path):
    pytest.importorskip("matplotlib")
    result = run("stats", small, "--plots", tmp_path / "plots")
    assert result.exit_code == 0, result.stderr
    names = sorted(path.name for path in (tmp_path / "plots" / "small").iterdir())
    assert names == ["entities-by-level.png", "entities-by-period.png", "themes-by-split.png"]


def test_check_lists_problems_and_names(small, texts, tmp_path):
    fine = run("check", small, "--texts", texts)
    assert fine.exit_code == 0
    assert fine.stdout.startswith("small: 2 records, 2 with text, 0 problems; 0 names with several labels")
    (record,) = read_records(small / "test.jsonl")
    record["entities"][0]["label"] = "SLOGAN"
    record["sentences"].pop()
    write_records(small / "test.jsonl", [record])
    listing = tmp_path / "names.tsv"
    broken = run("check", small, "--texts", texts, "--list", listing)
    assert broken.exit_code == 1
    assert "Problem (offsets): 乙: entity 19–27 does not lie in one sentence" in broken.stderr
    rows = [line.split("\t") for line in listing.read_text(encoding="utf-8").splitlines()]
    assert {(row[0], row[1], row[4]) for row in rows[1:]} == {
        ("河长制", "甲", "PROGRAMME"),
        ("河长制", "乙", "SLOGAN"),
    }


def test_diff(small, texts, tmp_path):
    (record,) = read_records(small / "test.jsonl")
    record["entities"].pop()
    write_records(tmp_path / "b.jsonl", [record])
    listing = tmp_path / "differences.tsv"
    result = run("diff", small / "test.jsonl", tmp_path / "b.jsonl", "--list", listing)
    assert "1 differences" in result.stdout
    assert listing.read_text(encoding="utf-8").splitlines()[1] == "乙\tonly in A\t19\t27\tPROJECT 19–27\t\t"
    figures = json.loads(run("diff", small / "test.jsonl", tmp_path / "b.jsonl", "--json").stdout)
    assert figures["entities"]["PROJECT"] == {"a": 1, "b": 0, "both": 0, "f1": 0.0}


def test_diff_shows_the_text_of_records_that_carry_it(small, tmp_path):
    (record,) = read_records(small / "test.jsonl")
    record["text"] = TEXTS["乙.txt"]
    write_records(tmp_path / "a.jsonl", [record])
    write_records(tmp_path / "b.jsonl", [{**record, "entities": record["entities"][1:]}])
    listing = tmp_path / "differences.tsv"
    run("diff", tmp_path / "a.jsonl", tmp_path / "b.jsonl", "--list", listing)
    assert listing.read_text(encoding="utf-8").splitlines()[1].endswith("\t河长制")


def test_export(small, texts, tmp_path):
    result = run("export", small, tmp_path / "hub", "--texts", texts)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("9 files written")
    (texts / "乙.txt").unlink()
    assert run("export", small, tmp_path / "hub2", "--texts", texts).exit_code == 1
    assert not (tmp_path / "hub2").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("stats", "none"),
        ("check", "none"),
        ("export", "none", "out"),
        ("diff", "a.jsonl", "b.jsonl"),
        ("fetch",),
    ],
)
def test_wrong_usage(arguments):
    assert run(*arguments).exit_code == 2
