"""A pooler in transaction mode, as small as one can be: it speaks PostgreSQL's protocol, and a session ends with its transaction.

After each transaction the server's connection goes back, and whoever asks next gets the one that came back last.
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SSL, GSS = 80877103, 80877104


class Pooler:
    """Stands before one server on a Unix socket, which asks nobody for a password."""

    def __init__(self, server: Path) -> None:
        self.server = server
        self.idle: list[socket.socket] = []
        self.greeting = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def close(self) -> None:
        self.listener.close()
        for connection in self.idle:
            connection.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError, EOFError):
            startup = self._startup(client)
            if not self.idle:
                self.idle.append(self._connect(startup))
            client.sendall(self.greeting)
            server = None
            while True:
                kind, message = _message(client)
                if kind == b"X":
                    return
                server = server or (self.idle.pop() if self.idle else self._connect(startup))
                server.sendall(message)
                if kind in (b"Q", b"S") and self._is_over(client, server):
                    self.idle.append(server)
                    server = None

    def _startup(self, client: socket.socket) -> bytes:
        while True:
            head = _exactly(client, 8)
            length, code = struct.unpack(">II", head)
            if code not in (SSL, GSS):
                return head + _exactly(client, length - 8)
            client.sendall(b"N")

    def _connect(self, startup: bytes) -> socket.socket:
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(self.server))
        server.sendall(startup)
        greeting = b""
        kind = b""
        while kind != b"Z":
            kind, message = _message(server)
            greeting += message
        self.greeting = self.greeting or greeting
        return server

    @staticmethod
    def _is_over(client: socket.socket, server: socket.socket) -> bool:
        """Passes on what the server answers; whether no transaction is open then."""
        kind = b""
        while kind != b"Z":
            kind, message = _message(server)
            client.sendall(message)
        return message[5:] == b"I"


def _message(source: socket.socket) -> tuple[bytes, bytes]:
    head = _exactly(source, 5)
    return head[:1], head + _exactly(source, struct.unpack(">I", head[1:])[0] - 4)


def _exactly(source: socket.socket, size: int) -> bytes:
    read = b""
    while len(read) < size:
        part = source.recv(size - len(read))
        if not part:
            raise EOFError
        read += part
    return read


@contextmanager
def pooler(server: Path) -> Iterator[Pooler]:
    standing = Pooler(server)
    try:
        yield standing
    finally:
        standing.close()
