"""Where a file of the platform is in its store: the key as the platform writes it, within a path that is set once."""

import re
from dataclasses import dataclass

from flows.errors import BadConfiguration

PLACEHOLDER = re.compile(r"\{key(?::(\d{0,3}):(\d{0,3}))?\}")


@dataclass(frozen=True, slots=True)
class FileLayout:
    """A path with `{key}` in it, and parts of the key as `{key:0:2}`: from its first character up to its third."""

    text: str = "{key}"

    def __post_init__(self) -> None:
        left = PLACEHOLDER.sub("", self.text)
        if "{key}" not in self.text or "{" in left or "}" in left:
            raise BadConfiguration(
                "Reading FILE_LAYOUT: expected a path with {key} in it, and parts of the key as {key:0:2}, "
                f"found {self.text!r}. Mend FILE_LAYOUT, or leave it out where objects are stored by their key."
            )

    def place(self, object_key: str) -> str:
        """The file's place in its store."""
        return PLACEHOLDER.sub(lambda found: _part(object_key, found), self.text)


def _part(object_key: str, found: "re.Match[str]") -> str:
    begin, end = (int(number) if number else None for number in found.groups())
    return object_key[begin:end]
