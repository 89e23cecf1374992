"""Kinds of row, as a person reads them."""


def named_kind(kind: str) -> str:
    """A kind in words; of what belongs to messages, only what came late is a kind of its own."""
    return "late attachments" if kind == "attachments" else kind.replace("_", " ")
