"""What `retention adopt` proposes for a schema with every trap, and that it reads no row."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from adopted_platform import STRANGER, adopt, metas_of, trap_database, view
from psycopg import sql
from psycopg.rows import dict_row
from typer.testing import Result

pytestmark = pytest.mark.xdist_group("adopted")

Entry = dict[str, Any]


@pytest.fixture(scope="module")
def platform(postgres: dict[str, str]) -> Iterator["psycopg.Connection[dict[str, Any]]"]:
    with trap_database(postgres) as connection:
        yield connection


@pytest.fixture(scope="module")
def adopted(platform: object, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The project of the trap schema, as it is written, and what the command printed."""
    out = tmp_path_factory.mktemp("adopt") / "acme"
    result = adopt(out, "--bucket", "files")
    assert result.exit_code == 0, result.exception
    return out, result


@pytest.fixture(scope="module")
def entries(adopted: tuple[Path, Result]) -> dict[str, Entry]:
    """The entries of the data map by name; columns by theirs."""
    sources = yaml.safe_load((adopted[0] / "models" / "_sources.yml").read_text())["sources"]
    return {
        table["name"]: {
            "schema": source["schema"],
            "identifier": table.get("identifier", table["name"]),
            "meta": table["config"]["meta"],
            "columns": metas_of(table),
            "types": {column["name"]: column["data_type"] for column in table["columns"]},
        }
        for source in sources
        for table in source["tables"]
    }


def test_b2_adopting_reads_names_and_types_by_a_role_that_may_read_no_row(
    platform: "psycopg.Connection[dict[str, Any]]", adopted: tuple[Path, Result], postgres: dict[str, str]
) -> None:
    with psycopg.connect(
        host=postgres["PGHOST"], port=postgres["PGPORT"], user=STRANGER, dbname="adopted", row_factory=dict_row
    ) as stranger:
        for table in ("crm.posts", "crm.members"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                stranger.execute(sql.SQL("select 1 from {}").format(sql.Identifier(*table.split("."))))
            stranger.rollback()
    assert adopted[1].exit_code == 0


def test_every_table_and_column_of_the_database_is_declared_with_its_type(
    platform: "psycopg.Connection[dict[str, Any]]", entries: dict[str, Entry]
) -> None:
    there = platform.execute(
        "select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a"
        " join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname in ('crm', 'archive', 'Téléphonie') and c.relkind in ('r', 'p') and not c.relispartition"
        " and a.attnum > 0"
    ).fetchall()
    declared = {
        (entry["schema"], entry["identifier"], column, kind)
        for entry in entries.values()
        for column, kind in entry["types"].items()
    }
    assert declared == {tuple(row.values()) for row in there}


def test_messages_users_environments_and_attachments_are_found_whatever_they_are_called(
    entries: dict[str, Entry],
) -> None:
    found = {name: entries[name]["identifier"] for name in ("messages", "users", "environments", "attachments")}
    assert found == {"messages": "posts", "users": "members", "environments": "Workspaces", "attachments": "blobs"}


@pytest.mark.parametrize(
    ("entry", "column", "replacement"),
    [
        ("messages", "body", {"replacement": "empty"}),
        ("messages", "body_html", {"replacement": "empty"}),
        ("messages", "body_search", {"replacement": "empty"}),
        ("messages", "network_ref", {"replacement": "random_id"}),
        (
            "messages",
            "image_keys",
            {"replacement": "file", "leaves": "empty", "bucket_name": "files", "holds": "keys"},
        ),
        ("users", "firstName", {"replacement": "empty"}),
        ("users", "contact_email", {"replacement": "null"}),
        ("users", "phone", {"replacement": "null"}),
        ("users", "network_id", {"replacement": "random_id"}),
        ("users", "birth_date", {"replacement": "null"}),
        ("users", "last_ip", {"replacement": "null"}),
        ("users", "avatar_key", {"replacement": "file", "leaves": "null", "bucket_name": "files"}),
        ("users", "profile", {"replacement": "empty"}),
        ("threads", "subject", {"replacement": "empty"}),
        ("threads", "last_message_text", {"replacement": "empty"}),
        ("post_edits", "previous_body", {"replacement": "empty"}),
        ("post_translations", "body", {"replacement": "empty"}),
        ("attachments", "storage_key", {"replacement": "file", "leaves": "random_id", "bucket_name": "files"}),
        ("attachments", "thumbnail_key", {"replacement": "file", "leaves": "null", "bucket_name": "files"}),
        ("attachments", "file_name", {"replacement": "empty"}),
        ("sms_messages", "Text", {"replacement": "empty"}),
        (
            "sms_messages",
            "FromNumber",
            {
                "replacement": "random_id",
                "identifies": {"table": "users", "column": "phone", "within": {"WorkspaceId": "workspace_id"}},
            },
        ),
        ("kundennotizen", "inhalt", {"replacement": "empty"}),
        ("direcciones", "calle", {"replacement": "empty"}),
        ("direcciones", "codigo_postal", {"replacement": "empty"}),
        ("messagerie_historique_des_clients", "prénomExpéditeur", {"replacement": "empty", "unless_stays": True}),
        (
            "messagerie_historique_des_clients",
            "courrielExpéditeur",
            {
                "replacement": "random_id",
                "identifies": {"table": "users", "column": "contact_email", "within": ["workspace_id"]},
                "unless_stays": True,
            },
        ),
        ("visits", "ip_address", {"replacement": "constant", "literal": "0.0.0.0"}),
        ("visits", "user_agent", {"replacement": "empty"}),
        (
            "visits",
            "network_id",
            {
                "replacement": "random_id",
                "identifies": {"table": "users", "column": "network_id", "within": ["workspace_id"]},
            },
        ),
    ],
)
def test_what_looks_personal_gets_a_replacement_that_its_type_and_its_constraints_take(
    entries: dict[str, Entry], entry: str, column: str, replacement: Entry
) -> None:
    assert entries[entry]["columns"][column] == replacement


def test_what_is_not_personal_says_why(entries: dict[str, Entry]) -> None:
    kept = {
        (name, column): meta["why"]
        for name, entry in entries.items()
        for column, meta in entry["columns"].items()
        if meta.get("personal") is False
    }
    assert kept["users", "displayName"] == "generated from firstName, lastName"
    assert kept["users", "id"] == "internal key"
    assert kept["messages", "thread_id"] == "names a row of threads"
    assert kept["labels", "title"] == "of a thing, not of a person"
    assert kept["thread_drafts", "body"] == "no column names one row of this table"
    assert kept["sms_messages", "Direction"] == "one of its words: in, out"
    assert all(kept.values())


def test_only_what_names_and_types_cannot_tell_is_asked(entries: dict[str, Entry]) -> None:
    asked = {(name, None) for name, entry in entries.items() if "decide" in entry["meta"]}
    asked |= {
        (name, column)
        for name, entry in entries.items()
        for column, meta in entry["columns"].items()
        if "decide" in meta
    }
    assert asked == {
        ("users", None),  # which of them are customers
        ("users", "mood"),  # a text whose name says nothing
        ("messages", "author_type"),  # which word is a member's
        ("messages", "props"),  # JSON, whose keys no catalog knows
        ("messagerie_historique_des_clients", None),  # no link to messages or users
        ("sms_messages", "RecordingUrl"),  # where the store's URLs begin
        ("visits", "visited_on"),  # created, or something else
        ("thread_drafts", None),  # no column names one row
    }


def test_m6_rows_go_with_the_message_or_the_person_that_they_belong_to_over_any_join(
    entries: dict[str, Entry],
) -> None:
    owners = {name: entry["meta"].get("owner") for name, entry in entries.items() if "owner" in entry["meta"]}
    assert owners == {
        "attachments": {"table": "messages"},  # over post_blobs
        "direcciones": {"table": "users", "key": "member_id"},
        "post_edits": {"table": "messages", "key": "post_id"},
        "post_translations": {"table": "messages", "key": "post_id"},
        "threads": {"table": "messages"},  # with the last of them
    }
    assert entries["threads"]["meta"]["marker"] == "values"
    assert {entry["meta"].get("marker") for entry in entries.values()} == {None, "aside", "values"}


def test_m1_creation_is_read_from_any_form_of_an_instant(adopted: tuple[Path, Result]) -> None:
    assert "own.created_at," in view(adopted[0], "messages")
    assert "(own.created_at at time zone 'UTC') as created_at" in view(adopted[0], "users")
    assert 'to_timestamp(nullif(own."CreatedTs", 0)) as created_at' in view(adopted[0], "sms_messages")
    assert 'to_timestamp(nullif(own."editedAt", 0) / 1000.0) as created_at' in view(adopted[0], "post_edits")
    visited = "(cast(own.visited_on as timestamp) at time zone 'Europe/Paris') as created_at"
    assert visited in view(adopted[0], "visits")


def test_p1_the_environment_is_found_on_the_row_or_over_joins(adopted: tuple[Path, Result]) -> None:
    assert "own.workspace_id as environment_id" in view(adopted[0], "users")
    joined = view(adopted[0], "messages")
    assert "of_channels.of_channels_workspace_id as environment_id" in joined
    assert "left join of_threads on own.thread_id = of_threads.of_threads_id" in joined
    assert '"Id" as environment_id' in view(adopted[0], "environments")


def test_only_customers_are_data_subjects_where_staff_share_their_table(adopted: tuple[Path, Result]) -> None:
    assert view(adopted[0], "users").endswith("where own.kind = 'customer'")
    assert "and author.kind = 'customer' ) then 'inbound' else 'outbound' end as direction" in view(
        adopted[0], "messages"
    )


def test_the_summary_names_parts_counts_and_every_open_question(adopted: tuple[Path, Result]) -> None:
    printed = adopted[1].stdout
    assert "messages: crm.posts" in printed
    assert "8 open questions" in printed
    assert "- users.mood: Does it hold something of a person?" in printed
