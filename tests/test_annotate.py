from __future__ import annotations

import multiprocessing
import warnings
from itertools import count
from pathlib import Path

import pytest
from annotated import TEXT, make_nlp, make_report, read

import govreport_nlp.annotating
from govreport_nlp.annotating import annotate, find_inputs
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


@pytest.mark.parametrize("options", [{"batch_size": 0}, {"n_process": 0}, {"n_process": -2}])
def test_wrong_options(options):
    with pytest.raises(GovReportError, match=f"{next(iter(options))} cannot be"):
        run([make_report()], **options)


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
