"""The console blocks of the docs: read from a page, run in a shell one after the other, compared with what is shown.

    ```console
    $ a command
    what it prints
    ```

Shown and printed have to be alike but for dates, times, durations and hashes. A line `...` stands for any lines, `...` in
a line for any text. A command that does not end with 0 is followed by `$ echo $?`. A comment above a block says more:
`<!-- counts vary -->` leaves numbers uncompared, `<!-- a terminal of its own -->` leaves its command running.
"""

import os
import re
import signal
import subprocess
import textwrap
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

BLOCK = re.compile(r"(?:^ *<!-- ([a-z ]+) -->\n+)?^( *)```console\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
ALIKE = (
    (r"\x1b\[[0-9;]*m", ""),
    (r"\b[0-9a-f]{40,64}\b", "HASH"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UUID"),
    (r"\b\d{4}-\d\d-\d\d\b", "DATE"),
    (r"\b\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d)?\b", "TIME"),
    (r"\b[\d,.]+ (days|seconds)\b", r"N \1"),
    (r"\b[\d.]+s\b", "Ns"),
    (r"[ \t]+", " "),
    (r" ?\n", "\n"),
    (r"\n{2,}", "\n"),
    (r"^\n", ""),
)


@dataclass(frozen=True)
class Command:
    """A command of a page, what the page shows of it, and what is said of its block."""

    text: str
    shown: str
    said: str | None
    indent: str

    def with_shown(self, shown: str) -> str:
        """The command and what it prints, as they stand in the page."""
        return textwrap.indent(f"$ {self.text}\n{shown}", self.indent)


def commands_of(page: str) -> Iterator[Command]:
    """The commands of a page's console blocks, in order; a line that ends in a backslash goes on in the next."""
    for said, indent, block in BLOCK.findall(page):
        lines = "".join(line.removeprefix(indent) for line in block.splitlines(keepends=True))
        for text, shown in re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", lines, re.MULTILINE):
            yield Command(text, shown, said or None, indent)


def is_alike(shown: str, printed: str, *, counts_vary: bool = False) -> bool:
    """Whether what a page shows is what a command printed."""
    shown, printed = (_plain(text, counts_vary=counts_vary) for text in (shown, printed))
    lines = ("(?:.*\n)*" if line == "...\n" else _any_text(line) for line in shown.splitlines(keepends=True))
    return re.fullmatch("".join(lines), printed) is not None


def _any_text(line: str) -> str:
    return ".*".join(map(re.escape, line.split("...")))


def _plain(text: str, *, counts_vary: bool) -> str:
    text = f"{text.strip()}\n" if text.strip() else ""
    for pattern, replacement in (*ALIKE, *([(r"\d[\d,.]*", "N")] if counts_vary else [])):
        text = re.sub(pattern, replacement, text)
    return text


@dataclass
class Shell:
    """A person's terminals: one shell that all commands go to, and one more for each command that stays."""

    home: Path
    folder: Path
    environ: Mapping[str, str]
    _staying: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def __post_init__(self) -> None:
        self._output: IO[bytes] = TemporaryFile()  # noqa: SIM115 - it lives as long as the shell
        self._shell = self._bash(self._output, stdin=subprocess.PIPE)

    def _bash(self, output: IO[bytes], **options: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=self.folder,
            env={**self.environ, "HOME": str(self.home)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )

    def run(self, command: str, timeout: float = 600) -> tuple[str, int]:
        """What the command printed, and its exit code, which the next one finds in `$?`."""
        begin = self._output.seek(0, os.SEEK_END)
        wanted = f'{{ {command}\n}} </dev/null; _code=$?; echo; echo "ended with $_code"; (exit $_code)\n'
        assert self._shell.stdin
        # What the next command finds in $? is the exit code of the one before, since nothing stands between.
        self._shell.stdin.write(wanted.encode())
        self._shell.stdin.flush()
        found = self._await(self._output, begin, r"\A(.*)\nended with (\d+)\n\Z", timeout)
        return found[1], int(found[2])

    def run_beside(self, command: str, last_line: str, timeout: float = 300) -> str:
        """Leaves a command running in a terminal of its own, once it has printed its last line."""
        output = TemporaryFile()  # noqa: SIM115 - the command writes it as long as it stays
        process = self._bash(output, stdin=subprocess.PIPE)
        self._staying.append(process)
        assert process.stdin
        process.stdin.write(f"exec {command}\n".encode())
        process.stdin.close()
        return self._await(output, 0, rf"\A(.*{re.escape(last_line)}\n)\Z", timeout)[1]

    def _await(self, output: IO[bytes], begin: int, pattern: str, timeout: float) -> re.Match[str]:
        deadline = time.monotonic() + timeout
        while True:
            text = os.pread(output.fileno(), 10_000_000, begin).decode()
            if found := re.search(pattern, text, re.DOTALL):
                return found
            assert time.monotonic() < deadline, f"not within {timeout:.0f} seconds: {pattern}\n{text[-3000:]}"
            time.sleep(0.05)

    def interrupt(self) -> list[int]:
        """Ends what stays as Ctrl-C does; the exit codes."""
        staying, self._staying = self._staying, []
        for process in staying:
            process.send_signal(signal.SIGINT)
        return [process.wait(timeout=60) for process in staying]

    def close(self) -> None:
        """Ends the shell, and what stays."""
        assert self._shell.stdin
        self._shell.stdin.close()
        self._shell.wait(timeout=30)
        self.interrupt()


def run_page(shell: Shell, path: Path, *, write: bool = False) -> list[str]:
    """Runs the commands of a page; what is not as the page shows it, or, if asked, the page rewritten as it is."""
    page = path.read_text()
    commands = list(commands_of(page))
    wrong: list[str] = []
    place = 0
    for command, following in zip(commands, [*commands[1:], None], strict=True):
        if command.said == "a terminal of its own":
            printed, code = shell.run_beside(command.text, command.shown.strip().splitlines()[-1]), 0
        else:
            printed, code = shell.run(command.text)
        printed = printed.replace(str(shell.home), "~")
        if code and (following is None or following.text != "echo $?"):
            wrong.append(f"$ {command.text}\nended with {code}:\n{printed}")
            break
        if not is_alike(command.shown, printed, counts_vary=command.said == "counts vary"):
            wrong.append(f"$ {command.text}\nis shown with:\n{command.shown}\nand printed:\n{printed}")
            if write and "...\n" not in command.shown:
                lines = printed.strip("\n").splitlines()
                new = command.with_shown("".join(f"{line.rstrip()}\n" for line in lines))
                page = page[:place] + page[place:].replace(command.with_shown(command.shown), new, 1)
        place = page.index(f"{command.indent}$ {command.text}\n", place) + 1
    if write:
        path.write_text(page)
    return wrong
