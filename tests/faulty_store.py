"""A front before the S3 server that hands requests on, unless a fault of the test answers, stalls or hangs up first."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

HANG_UP = object()
"""Instead of an answer: the connection is reset."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `path` is decoded, /bucket/key; `query` as sent; the keys of a batch stand in its body."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def is_batch(self) -> bool:
        return self.method == "POST" and "delete" in self.query.split("&")

    @property
    def is_listing(self) -> bool:
        return self.method == "GET" and "versions" in self.query.split("&")


Fault = Callable[[Request], object]
"""None hands the request on; else (status, text), HANG_UP, or a number of seconds to stall for before handing on."""


@dataclass
class Front:
    """What stands before the store: its address, what it does, and what was asked of it."""

    url: str
    fault: Fault = lambda _: None
    requests: list[Request] = field(default_factory=list)

    def count(self, chosen: Callable[[Request], bool] = lambda _: True) -> int:
        return sum(map(chosen, self.requests))


@contextmanager
def faulty_store(target: str) -> Iterator[Front]:
    """Runs a front before the server at `target`."""
    host = urlsplit(target).netloc
    front = Front("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            address = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, unquote(address.path), address.query, headers, body)
            front.requests.append(request)
            found = front.fault(request)
            if found is HANG_UP:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            if isinstance(found, float):
                time.sleep(found)
                found = None
            status, text = found if isinstance(found, tuple) else self.handed_on(body)
            with suppress(BrokenPipeError, ConnectionResetError):  # a client may have stopped waiting
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)
                self.wfile.flush()

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815 - the names that http.server calls

        def handed_on(self, body: bytes) -> tuple[int, bytes]:
            connection = HTTPConnection(host, timeout=30)
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            try:
                return answer.status, answer.read()
            finally:
                connection.close()

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    front.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield front
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def refusal(code: str, status: int, about: str = "att/1") -> tuple[int, bytes]:
    return status, f"<Error><Code>{code}</Code><Message>about {about}</Message></Error>".encode()
