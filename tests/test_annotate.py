from __future__ import annotations

import io
import multiprocessing
import re
import warnings
from itertools import count
from pathlib import Path

import pytest
from annotated import TEXT, make_nlp, make_report, read

import govreport_nlp.annotating
from govreport_nlp.annotating import NoReportWarning, annotate, find_inputs
from govreport_nlp.errors import GovReportError, NoInputError, ReadError
from govreport_nlp.export.records import to_dict

SHORT = "落实两个维护。\n"
BROKEN = "出了故障。\n"


@pytest.fixture(autouse=True)
def _reader(monkeypatch):
    monkeypatch.setattr(govreport_nlp.annotating, "read", read)


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name, text in {
        "a.txt": TEXT,
        "b/c.txt": f"{SHORT}====\n{TEXT}",
        "d.md": SHORT,
        "e.log": "not a report",
        ".hidden/f.txt": SHORT,
        "~$g.txt": SHORT,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(paths, **options):
    return list(annotate(paths, nlp=make_nlp(), progress=False, **options))


def origin(docs):
    return [(doc._.report.source.name, doc._.report.number) for doc in docs]


IN_FOLDER = [("a.txt", 0), ("c.txt", 0), ("c.txt", 1), ("d.md", 0)]


def test_a_folder_gives_its_report_files_in_order(folder):
    assert origin(run(folder)) == IN_FOLDER


@pytest.mark.parametrize("form", [str, Path])
def test_one_file(folder, form):
    (doc,) = run(form(folder / "a.txt"))
    assert doc.text == make_report().text
    assert to_dict(doc)["entities"][1]["id"] == "雪亮工程"


def test_the_reader_of_the_library(folder, monkeypatch):
    monkeypatch.setattr(govreport_nlp.annotating, "read", govreport_nlp.read)
    (doc,) = run(folder / "a.txt")
    (folder / "empty.txt").touch()
    assert doc._.report.source.text == TEXT
    for entity in to_dict(doc)["entities"]:
        assert "".join(TEXT[entity["start"] : entity["end"]].split()) == entity["text"]
    with pytest.raises(ReadError, match=r"empty\.txt"):
        run(folder / "empty.txt", on_error="raise")


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["a.txt", "~$g.txt"]),
        ("**/*.txt", ["a.txt", "c.txt", "c.txt", "~$g.txt"]),
        ("?.md", ["d.md"]),
    ],
)
def test_patterns(folder, monkeypatch, pattern, names):
    assert [name for name, _ in origin(run(f"{folder}/{pattern}"))] == names
    monkeypatch.chdir(folder)
    assert [name for name, _ in origin(run(pattern))] == names


def test_files_named_twice_are_read_once_in_the_order_named(folder):
    paths = [folder / "d.md", f"{folder}/*.txt", folder, folder / "b" / ".." / "a.txt"]
    assert [name for name, _ in origin(run(paths))] == ["d.md", "a.txt", "~$g.txt", "c.txt", "c.txt"]


def test_a_file_whose_name_looks_like_a_pattern(tmp_path):
    path = tmp_path / "report[1].txt"
    path.write_text(SHORT, encoding="utf-8")
    assert list(find_inputs([str(path)])) == [path]


def test_reports_and_bytes_pass_without_a_file(monkeypatch):
    report = make_report()
    monkeypatch.setattr(
        govreport_nlp.annotating, "read", lambda data: [make_report(data.decode(), name="<bytes>")]
    )
    assert origin(run(report)) == [("云溪.txt", 0)]
    assert origin(run([report, SHORT.encode()])) == [("云溪.txt", 0), ("<bytes>", 0)]


@pytest.mark.parametrize("where", ["nothing*.txt", "empty"])
def test_no_input_is_an_error_at_once(tmp_path, where):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoInputError, match="no file"):
        annotate(tmp_path / where, nlp=make_nlp())
    with pytest.raises(NoInputError, match="no file"):
        run(iter([make_report(), tmp_path / where]))


def test_a_missing_file_is_a_failed_input(tmp_path, monkeypatch):
    def missing(path):
        raise ReadError("there is no such file", where=str(path))

    monkeypatch.setattr(govreport_nlp.annotating, "read", missing)
    errors: list[GovReportError] = []
    assert run(tmp_path / "none.txt", on_error=errors.append) == []
    assert [error.where for error in errors] == [str(tmp_path / "none.txt")]


@pytest.mark.parametrize("n_process", [1, 2])
@pytest.mark.parametrize("batch_size", [1, 3, 100])
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_failures_cost_only_themselves(tmp_path, n_process, batch_size):
    texts = [SHORT, "", SHORT, BROKEN, f"{SHORT}====\n{BROKEN}====\n{SHORT}", "", SHORT, BROKEN]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    errors: list[GovReportError] = []
    docs = run(tmp_path, n_process=n_process, batch_size=batch_size, on_error=errors.append)
    assert origin(docs) == [("0.txt", 0), ("2.txt", 0), ("4.txt", 0), ("4.txt", 2), ("6.txt", 0)]
    assert all(doc.ents[0].text == "两个维护" and doc.has_annotation("SENT_START") for doc in docs)
    assert {error.where for error in errors} == {
        str(tmp_path / "1.txt"),
        str(tmp_path / "5.txt"),
        "3.txt, report 0",
        "4.txt, report 1",
        "7.txt, report 0",
    }
    assert len(errors) == 5
    assert all(error.hint for error in errors)


def test_reports_that_a_pipe_drops_are_annotated_alone(tmp_path):
    nlp = make_nlp.__wrapped__()
    nlp.set_error_handler(lambda name, pipe, docs, error: None)
    reports = [make_report(text) for text in (SHORT, BROKEN, SHORT)]
    assert [doc.text for doc in annotate(reports, nlp=nlp)] == [SHORT, BROKEN, SHORT]


def test_failures_warn_by_default(tmp_path):
    (tmp_path / "a.txt").touch()
    with pytest.warns(UserWarning, match=r"a\.txt: the file is empty\. Give a file with text"):
        assert run(tmp_path) == []


@pytest.mark.parametrize("text", ["", BROKEN])
def test_failures_can_be_raised(tmp_path, text):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    errors = run(tmp_path, on_error=(found := []).append) or found
    assert len(errors) == 2
    with pytest.raises(GovReportError, match=r"a\.txt"):
        run(tmp_path, on_error="raise")


def test_an_unexpected_error_of_the_reader_is_a_failure(monkeypatch, tmp_path):
    monkeypatch.setattr(govreport_nlp.annotating, "read", lambda path: 1 / 0)
    errors: list[GovReportError] = []
    assert run([tmp_path / "a.txt"], on_error=errors.append) == []
    assert "ZeroDivisionError" in str(errors[0])
    assert isinstance(errors[0].__cause__, ZeroDivisionError)


def test_a_report_too_long_for_the_pipeline_is_a_failure():
    nlp = make_nlp.__wrapped__()
    nlp.max_length = 20
    errors: list[GovReportError] = []
    docs = list(annotate([make_report(), make_report(SHORT)], nlp=nlp, on_error=errors.append))
    assert [doc.text for doc in docs] == [SHORT]
    assert "E088" in str(errors[0])


def test_errors_of_the_inputs_themselves_are_raised():
    def reports():
        yield make_report()
        raise KeyError("a fault of the caller")

    with pytest.raises(KeyError, match="fault of the caller"):
        run(reports())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "batch_size cannot be 0. Give a number from 1"),
        ({"n_process": 0}, "n_process cannot be 0"),
        ({"n_process": -2}, "or -1 for one process a processor"),
        ({"n_process": "2"}, "n_process cannot be '2'"),
        ({"on_error": "ignore"}, 'on_error cannot be \'ignore\'. Give "warn", "raise"'),
        ({"on_error": None}, "on_error cannot be None"),
        ({"format": "rtf"}, "no format 'rtf'. Choose from: text"),
        ({"encoding": "gbx"}, "encoding 'gbx' is not known"),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(GovReportError, match=re.escape(message)):
        run([make_report()], **options)


@pytest.mark.parametrize("paths", [None, 5, [None], iter([5])])
def test_what_is_no_input(paths):
    with pytest.raises(GovReportError, match=r"cannot be annotated\. Give paths"):
        run(paths)


REPORT = "政府工作报告\n各位代表：\n　　一年来，全镇经济稳中有进。\n"


@pytest.fixture
def library_reader(monkeypatch):
    monkeypatch.setattr(govreport_nlp.annotating, "read", govreport_nlp.read)


@pytest.mark.usefixtures("library_reader")
@pytest.mark.parametrize(
    "given", [REPORT, REPORT.encode(), io.StringIO(REPORT), [io.BytesIO(REPORT.encode())], ["河" * 300]]
)
def test_texts_and_open_files(given):
    (doc,) = run(given)
    assert doc.text.splitlines()[0] in ("政府工作报告", "河" * 300)
    assert doc._.report.source.name.startswith("<")


@pytest.mark.usefixtures("library_reader")
@pytest.mark.parametrize("given", ["none", "none.txt", Path("河" * 300), ""])
def test_what_cannot_be_read_is_a_failure(tmp_path, monkeypatch, given):
    monkeypatch.chdir(tmp_path)
    errors: list[GovReportError] = []
    assert run(given, on_error=errors.append) == []
    assert [type(error) for error in errors] == [ReadError]


@pytest.mark.usefixtures("library_reader")
def test_format_and_encoding_are_passed_on(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("**发展。**经济向好。\n".encode("gbk"))
    (doc,) = run(path, format="text", encoding="gbk")
    source = doc._.report.source
    assert (source.format, source.encoding, doc.text[:2]) == ("text", "gb18030", "**")


@pytest.mark.usefixtures("library_reader")
def test_what_does_not_look_like_a_report_warns_at_the_line_of_the_caller(tmp_path):
    for name, text in {
        "a.txt": REPORT,
        "b.md": "How to build this project.\n",
        "c.txt": "落实河长制。",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.warns(NoReportWarning, match=r"b\.md: this does not look like a report") as caught:
        assert len(run(tmp_path)) == 3
    assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.usefixtures("library_reader")
def test_old_documents_of_a_folder_are_failures(tmp_path):
    (tmp_path / "a.rtf").write_bytes(b"{\\rtf1 a}")
    (tmp_path / "b.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    (tmp_path / "c.log").touch()
    errors: list[GovReportError] = []
    assert run(tmp_path, on_error=errors.append) == []
    assert [Path(error.where).name for error in errors] == ["a.rtf", "b.doc"]
    assert all("save it as .docx" in error.hint for error in errors)


@pytest.mark.usefixtures("library_reader")
def test_sources_that_share_a_name_are_told_apart(tmp_path):
    paths = [tmp_path / name for name in ("2022/r.txt", "2023/r.txt", "2023/s.txt", "b/2022/r.txt")]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path.parent.name}年{REPORT}", encoding="utf-8")
    two = [name for name, _ in origin(run(paths[:3]))]
    assert two == ["2022/r.txt", "2023/r.txt", "s.txt"]
    all_names = [name for name, _ in origin(run(tmp_path))]
    assert len(set(all_names)) == 4
    assert "s.txt" in all_names
    assert origin(run(iter(paths[:1]))) == [(str(paths[0]), 0)]


def test_inputs_are_read_as_the_iterator_advances():
    taken = []

    def reports():
        for number in range(1000):
            taken.append(number)
            yield make_report(SHORT, number=number)

    docs = annotate(reports(), nlp=make_nlp(), batch_size=4)
    next(docs)
    assert len(taken) <= 8
    docs.close()


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_stream_in_processes_can_be_left_early():
    reports = (make_report(SHORT * 300, number=number) for number in count())
    docs = annotate(reports, nlp=make_nlp(), n_process=2, batch_size=1)
    assert [next(docs)._.report.number for _ in range(3)] == [0, 1, 2]
    docs.close()
    assert multiprocessing.active_children() == []


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_worker_that_dies_ends_the_run_with_an_error():
    reports = [make_report(text) for text in (SHORT, "自毁。")]
    with pytest.raises(GovReportError, match="worker process ended suddenly"):
        run(reports, n_process=2)


def test_no_progress_bar_off_a_terminal(capfd, folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(list(annotate(folder, nlp=make_nlp()))) == 4
    assert capfd.readouterr() == ("", "")


def test_progress_bar_on_a_terminal(capfd, folder, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    list(annotate(folder, nlp=make_nlp()))
    out, err = capfd.readouterr()
    assert out == ""
    assert "3/3" in err
