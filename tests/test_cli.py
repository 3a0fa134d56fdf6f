from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import spacy
import typer
from annotated import TEXT, make_nlp, read
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

import govreport_nlp
import govreport_nlp.annotating
from govreport_nlp.cli import app
from govreport_nlp.errors import GovReportError
from govreport_nlp.export.records import annotation_schema

SHORT = "落实两个维护。\n"


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the command line in an empty folder, with the test reader and pipeline."""

    def load(name: str | None = None):
        if name is not None:
            raise GovReportError(f"there is no pipeline {name!r}", hint="Install it")
        return make_nlp()

    monkeypatch.setitem(vars(govreport_nlp), "load", load)
    monkeypatch.setattr(govreport_nlp.annotating, "read", read)
    monkeypatch.chdir(tmp_path)

    def invoke(*args: str):
        return CliRunner().invoke(app, list(args), env={"COLUMNS": "120"})

    return invoke


@pytest.fixture
def inputs(tmp_path, run) -> list[str]:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_text(f"{SHORT}===={chr(10)}{SHORT}", encoding="utf-8")
    return ["in/a.txt", "in/b.txt"]


@pytest.fixture
def bad(tmp_path, inputs) -> str:
    (tmp_path / "in" / "bad.txt").touch()
    return "in/bad.txt"


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_jsonl_goes_to_standard_output(run, inputs):
    result = run("annotate", *inputs)
    assert result.exit_code == 0, result.stderr
    records = [json.loads(line) for line in result.stdout_bytes.decode("utf-8").splitlines()]
    for record in records:
        Draft202012Validator(annotation_schema()).validate(record)
    assert [(r["source"], r["report"]) for r in records] == [("a.txt", 0), ("b.txt", 0), ("b.txt", 1)]
    assert "云溪县" in result.stdout
    assert result.stderr == "Annotated 3 reports from 2 inputs, 0 failures\n"


@pytest.mark.parametrize("options", [("-o", "new/out.jsonl"), ("-o", "new/out.jsonl", "-f", "jsonl")])
def test_jsonl_file_is_what_standard_output_gets(run, inputs, tmp_path, options):
    expected = run("annotate", *inputs).stdout_bytes
    result = run("annotate", *inputs, *options)
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "new" / "out.jsonl").read_bytes() == expected
    assert names(tmp_path / "new") == ["out.jsonl"]


def test_other_formats(run, inputs, tmp_path):
    for output in ("out.parquet", "out.html", "tables"):
        assert run("annotate", "in", "-o", output).exit_code == 0
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 3
    assert "河（湖）长制" in (tmp_path / "out.html").read_text(encoding="utf-8")
    with (tmp_path / "tables" / "entities.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["document"] for row in csv.DictReader(file)] == ["0", "0", "1", "2"]
    assert names(tmp_path) == ["in", "out.html", "out.parquet", "tables"]


def test_texts_to_which_offsets_refer(run, inputs, tmp_path):
    result = run("annotate", *inputs, "--text-out", "texts")
    assert result.exit_code == 0, result.stderr
    for line in result.stdout.splitlines():
        record = json.loads(line)
        text = (tmp_path / "texts" / record["source"]).read_bytes().decode("utf-8")
        for entity in record["entities"]:
            assert "".join(text[entity["start"] : entity["end"]].split()) == entity["text"]


REPORT = "政府工作报告\n各位代表：\n　　一年来，全镇经济稳中有进。\n"


@pytest.fixture
def library_reader(monkeypatch, run):
    monkeypatch.setattr(govreport_nlp.annotating, "read", govreport_nlp.read)


@pytest.mark.usefixtures("library_reader")
def test_standard_input(run, monkeypatch):
    stream = io.BufferedReader(io.BytesIO(REPORT.encode()))
    stream.raw.name = "<stdin>"
    monkeypatch.setattr(typer, "get_binary_stream", lambda name: stream)
    result = run("annotate", "-")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["source"] == "<stdin>"


@pytest.mark.usefixtures("library_reader")
def test_input_options_and_notes(run, tmp_path):
    (tmp_path / "a.txt").write_bytes("<p>Notes on the build: ½</p>".encode("latin-1"))
    result = run("annotate", "a.txt", "--encoding", "latin-1", "--input-format", "text")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.startswith("Note: a.txt: this does not look like a report")


@pytest.mark.usefixtures("library_reader")
def test_hints_name_options_of_the_command(run, tmp_path):
    (tmp_path / "a.pdf").write_text("text")
    (tmp_path / "b.txt").write_bytes(bytes(range(128, 256)) * 9)
    result = run("annotate", "a.pdf", "b.txt", "none.txt")
    assert result.exit_code == 1
    assert "say --input-format text or --input-format html" in result.stderr
    assert "--encoding cp1252" in result.stderr
    assert "none.txt: there is no such file\n    Check the path\n" in result.stderr


@pytest.mark.usefixtures("library_reader")
def test_sources_of_one_name_have_texts_of_their_own(run, tmp_path):
    for year in ("2022", "2023"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "r.txt").write_bytes(f"\ufeff{year}年{REPORT}".replace("\n", "\r\n").encode())
    result = run("annotate", "2022", "2023", "--text-out", "texts")
    for line in result.stdout.splitlines():
        record = json.loads(line)
        with (tmp_path / "texts" / record["source"]).open(encoding="utf-8", newline="") as file:
            text = file.read()
        last = record["sentences"][-1]
        assert text[last["start"] : last["end"]] == "一年来，全镇经济稳中有进。"


def test_failed_inputs_are_listed_and_the_others_done(run, inputs, bad, tmp_path):
    result = run("annotate", bad, *inputs, "-o", "out.jsonl")
    assert result.exit_code == 1
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    assert result.stderr.splitlines() == [
        "Failed: in/bad.txt: the file is empty",
        "    Give a file with text",
        "Annotated 3 reports from 3 inputs, 1 failure",
    ]


def test_an_old_output_stays_if_every_input_failed(run, bad, tmp_path):
    (tmp_path / "out.jsonl").write_text("old")
    result = run("annotate", bad, "-o", "out.jsonl")
    assert result.exit_code == 1
    assert (tmp_path / "out.jsonl").read_text() == "old"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["annotate"], "Missing argument"),
        (["annotate", "none*.txt"], "no file matches this pattern"),
        (["annotate", "in/a.txt", "-o", "out.xlsx"], "names no output format"),
        (["annotate", "in/a.txt", "-f", "xml"], "'xml' is not one of"),
        (["annotate", "in/a.txt", "-f", "csv"], "csv cannot go to standard output"),
        (["annotate", "in/a.txt", "-o", "in", "-f", "parquet"], "parquet output needs a file"),
        (["annotate", "in/a.txt", "-o", "in/a.txt", "-f", "jsonl"], "is also an input"),
        (["annotate", "in/a.txt", "--text-out", "in"], "holds inputs"),
        (["annotate", "in/a.txt", "-m", "none"], "there is no pipeline 'none'"),
        (["annotate", "in/a.txt", "-n", "-3"], "or -1 for one process a processor"),
        (["annotate", "in/a.txt", "--encoding", "gbx"], "the encoding 'gbx' is not known"),
        (["annotate", "in/a.txt", "--input-format", "rtf"], "'rtf' is not one of"),
        (["annotate", ""], "an empty name names no file"),
        (["info", "none"], "there is no pipeline 'none'"),
        (["fly"], "No such command 'fly'"),
    ],
)
def test_wrong_usage(run, inputs, tmp_path, args, message):
    before = names(tmp_path)
    result = run(*args)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", "").split())
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert names(tmp_path) == before


def test_errors_have_a_traceback_only_with_debug(run, inputs, monkeypatch):
    def fail(name: str | None = None):
        raise RuntimeError("out of order")

    monkeypatch.setitem(vars(govreport_nlp), "load", fail)
    for command in (["annotate", *inputs], ["info"]):
        result = run(*command)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: RuntimeError: out of order\n    This is a fault")
        assert "Traceback" in run(*command, "--debug").stderr


def test_an_unwritable_output_is_an_error_without_traceback(run, inputs, tmp_path):
    (tmp_path / "file").touch()
    result = run("annotate", *inputs, "-o", "file/out.jsonl")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: file")
    assert "Traceback" not in result.stderr


def test_info(run):
    text = run("info").stdout
    assert f"govreport-nlp {govreport_nlp.__version__}" in " ".join(text.split())
    assert "govreport_test_layers" in text
    facts = json.loads(run("info", "--json").stdout)
    assert facts["model"]["pipes"] == ["govreport_test_layers"]
    assert facts["packages"]["spacy"]
    assert facts["model"]["path"] is None


def test_info_gives_one_source_a_line(run, monkeypatch):
    nlp = spacy.blank("zh")
    nlp.meta["sources"] = [{"name": "A", "license": "MIT"}, {"name": "B", "license": "CC0"}]
    monkeypatch.setitem(vars(govreport_nlp), "load", lambda: nlp)
    lines = [" ".join(line.split()) for line in run("info").stdout.splitlines()]
    start = lines.index("model sources A; MIT")
    assert lines[start + 1] == "B; CC0"


def test_help_and_version(run):
    text = run("--help").stdout
    assert "annotate" in text
    assert "info" in text
    assert "Exit codes" in text
    page = run("annotate", "-h").stdout
    assert "--text-out" in page
    assert (
        "\n Reads text, Markdown, HTML, DOCX and PDF. One record a report goes to standard output as JSONL, or"
        in page
    )
    assert run("--version").stdout == f"govreport {govreport_nlp.__version__}\n"


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import govreport_nlp", {"spacy", "pandas", "pyarrow", "numpy", "rich", "typer"}),
        ("import govreport_nlp; govreport_nlp.ReadError", {"spacy"}),
        ("import govreport_nlp.cli", {"spacy", "pandas", "pyarrow", "numpy"}),
    ],
)
def test_imports_are_light(statement, absent):
    code = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not absent & set(loaded)


def test_every_export_exists():
    assert set(govreport_nlp.__all__) <= set(dir(govreport_nlp))
    assert all(getattr(govreport_nlp, name) is not None for name in govreport_nlp.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        govreport_nlp.nothing  # noqa: B018


ENDLESS = f"""
import sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
import annotated, govreport_nlp, govreport_nlp.annotating
from govreport_nlp.cli import main

def read(path):
    number = 0
    while True:
        time.sleep(0.001)
        yield annotated.make_report(number=number)
        number += 1

govreport_nlp.annotating.read = read
govreport_nlp.load = annotated.make_nlp
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize(("output", "n_process"), [("out.jsonl", "1"), ("out.jsonl", "2"), ("tables", "1")])
@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_a_killed_run_leaves_no_partial_output(tmp_path, output, n_process, sent, code):
    (tmp_path / "a.txt").touch()
    command = [sys.executable, "-c", ENDLESS, "annotate", "a.txt", "-o", output, "-n", n_process]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    scratch = tmp_path / "none"
    while process.poll() is None and not any(p.stat().st_size for p in scratch.glob("*")):
        time.sleep(0.02)
        scratch = next(tmp_path.glob(".*.part"), scratch)
    process.send_signal(sent)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == code, stderr
    assert "Traceback" not in stderr
    left = names(tmp_path)
    assert output not in left
    if sent != signal.SIGKILL:
        assert left == ["a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX pipes")
def test_a_closed_pipe_ends_the_run_quietly(tmp_path):
    (tmp_path / "a.txt").touch()
    command = [sys.executable, "-c", ENDLESS, "annotate", "a.txt"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert json.loads(process.stdout.readline())["source"] == "云溪.txt"
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=30) == 1
