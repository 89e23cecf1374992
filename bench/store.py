"""An S3 in a process of its own, filled without a request; `bench.purging` starts it as `python -m bench.store`.

It prints its variables as JSON, then obeys one command a line: `fill KEYS VERSIONS` makes the bucket "files" anew.
"""

import copy
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace

BUCKET = "files"


def key(number: int) -> str:
    """An object's key: a folder a day, a name of its own."""
    return f"att/{number // 1000:05d}/{number:08d}.png"


def serve() -> None:
    """Serves until its input ends."""
    from flows.demo.embedded import embedded_s3

    _make_listing_safe()
    with embedded_s3() as variables:
        _say(json.dumps(variables))
        for line in sys.stdin:
            _fill(*map(int, line.split()))
            _say("filled")


def _make_listing_safe() -> None:
    """Lists one at a time, versions without a deep copy of all: a listing of moto breaks while others delete."""
    from moto.s3 import models

    alone = threading.RLock()
    models.copy = SimpleNamespace(deepcopy=copy.copy, copy=copy.copy)
    for name in ("list_objects", "list_object_versions", "delete_object"):
        method = getattr(models.S3Backend, name)

        def one_at_a_time(*args: object, _method: Callable[..., object] = method, **named: object) -> object:
            with alone:
                return _method(*args, **named)

        setattr(models.S3Backend, name, one_at_a_time)


def _fill(keys: int, versions: int) -> None:
    from moto.backends import get_backend

    get_backend("s3").reset()
    backend = get_backend("s3")["123456789012"]["aws"]
    backend.create_bucket(BUCKET, "us-east-1")
    if versions > 1:
        backend.put_bucket_versioning(BUCKET, "Enabled")
    for number in range(keys):
        for _ in range(versions):
            backend.put_object(BUCKET, key(number), b"abc")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - to the process that asked


@dataclass(frozen=True, slots=True)
class S3:
    """The process that serves, and the variables by which its clients find it."""

    process: "subprocess.Popen[str]"
    variables: dict[str, str]

    def fill(self, keys: int, versions: int = 1) -> None:
        """Makes the bucket anew, with so many keys, versioned where each has more than one version."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{keys} {versions}\n")
        self.process.stdin.flush()
        self.listen()

    def listen(self) -> str:
        """The next line that it says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()


@contextmanager
def s3() -> Iterator[S3]:
    """Starts the process, and ends it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.store"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        started = S3(process, {})
        started.variables.update(json.loads(started.listen()))
        yield started
    finally:
        process.kill()  # its clients keep connections open, which it would wait for
        process.wait()


if __name__ == "__main__":
    serve()
