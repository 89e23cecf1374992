"""Answers that moto does not give (refusals, stalls, lies), from a few lines of HTTP server that answer as S3 does."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote_plus, unquote, urlsplit
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answer = Callable[[str, str, dict[str, str], bytes], tuple[int, str]]


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """Run an HTTP server whose answers to (method, key, query, body) are status and XML; yield its endpoint."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer: in two, the second waits 40 ms for an acknowledgement

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            key = unquote(address.path).removeprefix("/store").removeprefix("/")
            status, text = answer(self.command, key, query, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            with suppress(BrokenPipeError):  # a client may have stopped waiting
                self.wfile.write(text.encode())
                self.wfile.flush()

        do_POST = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def error(code: str, status: int = 400) -> tuple[int, str]:
    return status, f"<Error><Code>{code}</Code><Message>about att/1</Message></Error>"


VERSIONED = (200, "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
UNVERSIONED = (200, "<VersioningConfiguration/>")


def page_of(versions: list[tuple[str, str]], query: dict[str, str], size: int = 1000) -> tuple[int, str]:
    """Answer a listing as AWS documents it: after the markers, by UTF-8 bytes, newest first, keys as in a form."""
    ordered = sorted(enumerate(versions), key=lambda row: (row[1][0].encode(), row[0]))
    rows = [row for _, row in ordered if row[0].startswith(query.get("prefix", ""))]
    marker, version_marker = query.get("key-marker", ""), query.get("version-id-marker")
    if version_marker:
        rows = rows[rows.index((marker, version_marker)) + 1 :]
    elif marker:
        rows = [row for row in rows if row[0].encode() > marker.encode()]
    tops = dict(reversed([row for _, row in ordered]))
    shown = rows[:size]
    text = ""
    for key, version in shown:
        kind = "DeleteMarker" if version.startswith("marker") else "Version"
        text += f"<{kind}><Key>{quote_plus(key, safe='/')}</Key><VersionId>{version}</VersionId>"
        text += f"<IsLatest>{str(tops[key] == version).lower()}</IsLatest></{kind}>"
    if len(rows) > size:
        key, version = shown[-1]
        text += "<IsTruncated>true</IsTruncated>"
        text += f"<NextKeyMarker>{quote_plus(key, safe='/')}</NextKeyMarker>"
        text += f"<NextVersionIdMarker>{version}</NextVersionIdMarker>"
    return 200, f"<ListVersionsResult><EncodingType>url</EncodingType>{text}</ListVersionsResult>"


class Versions:
    """A versioned bucket as AWS documents it, as much of it as a purge needs; `refusal` answers batches, if given."""

    def __init__(
        self, versions: list[tuple[str, str]], size: int = 1000, refusal: tuple[int, str] | None = None
    ) -> None:
        self.left, self.size, self.refusal = versions, size, refusal
        self.lock = threading.Lock()

    def __call__(self, method: str, key: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        with self.lock:
            return self.answer(method, key, query, body)

    def answer(self, method: str, key: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        if "versioning" in query:
            return VERSIONED
        if "versions" in query:
            return page_of(self.left, query, self.size)
        if method == "DELETE":
            self.left = [row for row in self.left if row != (key, query["versionId"])]
            return 204, ""
        if self.refusal:
            return self.refusal
        asked = {tuple(str(field.text) for field in item) for item in ET.fromstring(body) if len(item)}
        self.left = [row for row in self.left if row not in asked]
        return 200, "<DeleteResult/>"
