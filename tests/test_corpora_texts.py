from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpus_folder import TEXTS, make_corpus, write_texts
from typer.testing import CliRunner

from govreport_nlp.cli import app
from govreport_nlp.corpora import attach, fetch, find_corpus
from govreport_nlp.corpora.attaching import sources_of
from govreport_nlp.corpora.records import read_records
from govreport_nlp.errors import GovReportError

PUBLIC, PRIVATE = TEXTS
PATH = f"/owner/texts/abc123/{PUBLIC}"


@pytest.fixture
def small(tmp_path):
    return make_corpus(tmp_path)


@pytest.fixture
def texts(tmp_path) -> Path:
    return tmp_path / "texts"


def run(*arguments: object):
    return CliRunner().invoke(app, ["corpus", *map(str, arguments)], env={"COLUMNS": "200"})


def test_texts_are_found_by_name(small, texts):
    found = attach(small, write_texts(texts))
    assert found.complete
    assert found.texts == TEXTS
    assert found.extra == []


def test_a_renamed_text_is_found_by_its_content(small, texts):
    write_texts(texts, PRIVATE)
    (texts / "new name.txt").write_text(TEXTS[PUBLIC], encoding="utf-8-sig", newline="")
    assert attach(small, texts).texts == TEXTS


def test_texts_are_found_in_a_table(small, texts):
    texts.mkdir()
    pq.write_table(
        pa.table({"source": list(TEXTS), "text": list(TEXTS.values())}), texts / "raw-reports.parquet"
    )
    assert attach(small, texts).texts == TEXTS


def test_missing_changed_and_extra_texts(small, texts):
    write_texts(texts, PRIVATE)
    (texts / PRIVATE).write_text("另一份报告。\n", encoding="utf-8")
    (texts / "notes.md").write_text("附注", encoding="utf-8")
    (texts / "picture.png").touch()
    found = attach(small, texts)
    assert [source.source for source in found.missing] == [PUBLIC]
    assert found.changed == {PRIVATE: texts / PRIVATE}
    assert found.extra == [texts / "notes.md"]
    assert not found.complete


def test_a_changed_row_of_a_table_is_reported(small, texts):
    write_texts(texts, PRIVATE)
    pq.write_table(pa.table({"source": [PUBLIC], "text": ["改过"]}), texts / "raw-reports.parquet")
    assert attach(small, texts).changed == {PUBLIC: texts / "raw-reports.parquet"}


def test_attaching_needs_a_folder(small, texts):
    with pytest.raises(GovReportError, match="no such folder"):
        attach(small, texts)


def test_attach_command_joins_what_is_there(small, texts, tmp_path):
    write_texts(texts, PRIVATE)
    (texts / "notes.txt").write_text("附注", encoding="utf-8")
    result = run("attach", texts, "-c", small.folder, "-o", tmp_path / "joined")
    assert result.exit_code == 1
    assert f"Missing: {PUBLIC}\n" in result.stderr
    assert "notes.txt belongs to no record" in result.stderr
    assert result.stdout.startswith("1 texts found, 1 missing, 0 changed, 1 extra; 1 records written to ")
    (record,) = read_records(tmp_path / "joined" / "test.jsonl")
    assert record["text"] == TEXTS[PRIVATE]
    assert [entity["text"] for entity in record["entities"]] == ["河长制", "柳湾水厂扩建工程"]
    write_texts(texts)
    assert run("attach", texts, "-c", small.folder, "-o", tmp_path / "joined").exit_code == 0
    assert run("check", tmp_path / "joined").exit_code == 0


def test_attach_command_names_changed_texts_and_wrong_folders(small, texts):
    write_texts(texts)
    (texts / PUBLIC).write_text("改过", encoding="utf-8")
    result = run("attach", texts, "-c", small.folder)
    assert result.exit_code == 1
    assert f"Changed: {PUBLIC}" in result.stderr
    assert run("attach", texts / "none", "-c", small.folder).exit_code == 2
    assert run("attach", texts, "-c", "none").exit_code == 2


class Server(ThreadingHTTPServer):
    """Give files from a dict, after the failures that a test has asked for."""

    daemon_threads = True

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = files
        self.failures: list[int] = []
        self.requests: list[str] = []
        self.base = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        path = unquote(self.path)
        self.server.requests.append(path)
        status = self.server.failures.pop(0) if self.server.failures else 200
        content = self.server.files.get(path)
        if status == -1:  # promise more than is sent, then hang up
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"x")
            return
        if content is None or status != 200:
            self.send_error(404 if status == 200 else status)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server({PATH: TEXTS[PUBLIC].encode()})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_fetch_downloads_and_verifies(small, texts, server):
    result = fetch(sources_of(small), texts, base=server.base)
    assert [source.source for source in result.done] == [PUBLIC]
    assert [source.source for source in result.private] == [PRIVATE]
    assert (texts / PUBLIC).read_text(encoding="utf-8") == TEXTS[PUBLIC]
    assert server.requests == [PATH]
    again = fetch(sources_of(small), texts, base=server.base)
    assert [source.source for source in again.present] == [PUBLIC]
    assert len(server.requests) == 1


@pytest.mark.parametrize("failures", [[503, 429], [500], [-1]])
def test_fetch_tries_again(small, texts, server, failures):
    server.failures = list(failures)
    result = fetch(sources_of(small), texts, base=server.base, retries=2, pause=0.01)
    assert len(result.done) == 1
    assert len(server.requests) == len(failures) + 1


@pytest.mark.parametrize(
    ("failures", "requests", "reason"),
    [([503, 503, 503], 3, "503"), ([403], 1, "403"), ([404], 1, "404"), ([-1, -1, -1], 3, "IncompleteRead")],
)
def test_fetch_gives_up(small, texts, server, failures, requests, reason):
    server.failures = list(failures)
    result = fetch(sources_of(small), texts, base=server.base, retries=2, pause=0.01)
    assert reason in result.failed[PUBLIC]
    assert len(server.requests) == requests
    assert not texts.exists() or list(texts.rglob("*.md")) == []


def test_fetch_refuses_other_content_and_keeps_what_is_there(small, texts, server):
    server.files[PATH] = b"<html>moved</html>"
    write_texts(texts)
    (texts / PUBLIC).write_text("旧", encoding="utf-8")
    result = fetch(sources_of(small), texts, base=server.base)
    assert "has changed" in result.failed[PUBLIC]
    assert (texts / PUBLIC).read_text(encoding="utf-8") == "旧"


def test_fetch_tells_when_there_is_no_server(small, texts, server):
    base = server.base
    server.server_close()
    result = fetch(sources_of(small), texts, base=base, retries=1, pause=0.01)
    assert "refused" in result.failed[PUBLIC]


def test_fetch_needs_a_web_address(small, texts):
    with pytest.raises(GovReportError, match="no web address"):
        fetch(sources_of(small), texts, base="file:///etc")


def test_fetch_command(small, texts, server):
    arguments = ("fetch", texts, "-c", small.folder, "--base-url", server.base)
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "1 texts downloaded, 0 there already, 0 failed, 1 not public\n"
    assert "乙.txt (政府工作报告, 柳湾县人民政府, 2020-01-08)" in result.stderr
    (texts / PUBLIC).unlink()
    server.files.clear()
    failed = run(*arguments, "--retries", "0")
    assert failed.exit_code == 1
    assert f"Failed: {PUBLIC}" in failed.stderr
    assert run("fetch", texts, "-c", small.folder, "--base-url", "ftp://x").exit_code == 2


def test_addresses_of_the_published_sources():
    sources = sources_of(find_corpus("govreport"))
    public = [source for source in sources if source.repository]
    assert len(sources) - len(public) == 4
    for source in public:
        assert (
            source.url()
            == f"https://raw.githubusercontent.com/lawtext/gov/{source.commit}/"
            + source.url("http://x").partition(f"{source.commit}/")[2]
        )
        assert source.url().isascii()
    assert all(source.title and source.date and source.issuer for source in sources if not source.repository)
