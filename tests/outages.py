"""A front before the S3 server that can go away and come back: connections reset, new ones refused or reset."""

import socket
import struct
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

# What one way of a connection waits with each piece of a request, so that a purge has a middle.
SLOWED_BY = 0.01


class Front:
    """Passes bytes between its own port and the server's; as the endpoint of an S3 client."""

    def __init__(self, endpoint: str) -> None:
        parts = urlsplit(endpoint)
        self._target = (parts.hostname, parts.port)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = self._listen(0)
        self._port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.pieces = 0
        self.cut = 0
        self.is_resetting = False

    def go_away(self, *, refuse: bool) -> None:
        """Resets every connection; new ones are refused, or taken and reset at once."""
        self.is_resetting = True
        if refuse:
            self._listener.shutdown(socket.SHUT_RDWR)  # a close alone does not wake who waits in accept
            self._listener.close()
        with self._lock:
            connections, self._open = self._open, set()
        self.cut += len(connections)
        for connection in connections:
            _reset(connection)

    def come_back(self) -> None:
        self.is_resetting = False
        if self._listener.fileno() < 0:
            self._listener = self._listen(self._port)

    def close(self) -> None:
        self.go_away(refuse=True)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                if self.is_resetting:
                    self.cut += 1
                    _reset(client)
                    continue
                server = socket.create_connection(self._target)
                with self._lock:
                    self._open |= {client, server}
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while (piece := _receive(source)) != b"":
                if piece is None:
                    continue
                self.pieces += 1
                time.sleep(SLOWED_BY)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        with self._lock:
            self._open.discard(source)


def _receive(source: socket.socket) -> bytes | None:
    """None when nothing came for a moment: a socket that is being read is not reset before the read ends."""
    source.settimeout(0.02)
    try:
        return source.recv(65536)
    except TimeoutError:
        return None


def _reset(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
