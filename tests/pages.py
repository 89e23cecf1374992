"""PostgreSQL's files as they lie on disk: whole, or only what a page's line pointers lead to."""

import struct
from collections.abc import Iterator
from pathlib import Path

from world import World

PAGE = 8192
LEAF, DELETED = 1, 4


def data_directory(world: World) -> Path:
    """The server's folder, with everything in it that was only in memory."""
    world.connection.execute("checkpoint")
    return Path(world.one("select setting from pg_settings where name = 'data_directory'")["setting"])


def files_of_server(world: World, but: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Every file of the server, but those of some folders and of other databases."""
    folder = data_directory(world)
    others = {row["oid"] for row in world.rows("select oid::text from pg_database where datname <> current_database()")}
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        is_other = parts[0] == "base" and len(parts) > 1 and parts[1] in others
        if path.is_file() and parts[0] not in but and not is_other:
            yield "/".join(parts), path.read_bytes()


def reachable(world: World, schemas: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Row versions of tables and of what is stored out of line, dead ones included, and entries of index leaves."""
    folder = data_directory(world)
    relations = world.rows(
        "with tables as (select oid, reltoastrelid from pg_class where relkind = 'r' and relnamespace = any(%s::regnamespace[])),"
        " heaps as (select oid from tables union select reltoastrelid from tables where reltoastrelid <> 0)"
        " select oid::regclass::text as name, pg_relation_filepath(oid) as path, false as is_index from heaps"
        " union all select indexrelid::regclass::text, pg_relation_filepath(indexrelid), true"
        " from pg_index inner join heaps on indrelid = heaps.oid",
        list(schemas),
    )
    for relation in relations:
        content = (folder / relation["path"]).read_bytes()
        for start in range(0, len(content), PAGE):
            yield relation["name"], b"\n".join(_items(content[start : start + PAGE], is_index=relation["is_index"]))


def _items(page: bytes, *, is_index: bool) -> Iterator[bytes]:
    lower, upper, special = struct.unpack_from("<HHH", page, 12)
    if not upper:
        return
    first = 0
    if is_index:
        _, following, _, flags = struct.unpack_from("<IIIH", page, special)
        if not flags & LEAF or flags & DELETED:
            return
        first = 1 if following else 0  # all but the last leaf begin with a separator, which is no entry
    for (pointer,) in list(struct.iter_unpack("<I", page[24:lower]))[first:]:
        offset, length = pointer & 0x7FFF, pointer >> 17
        yield page[offset : offset + length]
