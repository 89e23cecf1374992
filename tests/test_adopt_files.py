"""What `retention adopt` proposes for files of several owners and for those made from others, and what it asks of what stays."""

from pathlib import Path
from typing import Any

import pytest
from adopted_platform import entries_of, entry_of, metas_of, project_for, view

pytestmark = pytest.mark.xdist_group("adopted")

SCHEMA = """
create table customers (id bigint primary key, name text, email text, created_at timestamptz);
create table conversations (id bigint primary key, customer_id bigint references customers (id), created_at timestamptz);
create table messages (
    id bigint primary key, conversation_id bigint references conversations (id), customer_id bigint references customers (id),
    body text, created_at timestamptz not null
);
create table stored_files (
    id bigint primary key, key text not null unique, filename text not null, byte_size bigint, created_at timestamptz
);
create table file_uses (
    id bigint primary key, record_type text not null, record_id bigint not null,
    stored_file_id bigint not null references stored_files (id)
);
create table file_variants (id bigint primary key, stored_file_id bigint not null references stored_files (id), digest text);
create table previews (
    id bigint primary key, stored_file_id bigint not null references stored_files (id), preview_key text not null
);
create table attachments (
    id bigint primary key, message_id bigint references messages (id), original_attachment_id bigint references attachments (id),
    audio_key text not null, image_keys text[] not null default '{}', file_urls text[], created_at timestamptz
);
create table imported_batches (id bigint primary key, fault_lines text, message_id text, created_at timestamptz);
create table channel_mail (id bigint primary key, email text, imap_password text, created_at timestamptz);
create table portraits (id bigint primary key, file_key text not null);
alter table customers add portrait_id bigint references portraits (id);
create table sheets (
    id bigint primary key, file_key text not null, made_by_id bigint references customers (id), created_at timestamptz
);
create table bots (id bigint primary key, name text, email text);
"""


@pytest.fixture(scope="module")
def project(postgres: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_for(postgres, SCHEMA, tmp_path_factory.mktemp("files") / "office")


def entries(project: Path, identifier: str) -> dict[str, dict[str, Any]]:
    """The meta of a table's entries, by their names."""
    return {
        table["name"]: table["config"]["meta"]
        for table in entries_of(project)
        if table.get("identifier", table["name"]) == identifier
    }


def test_m4_u2_files_of_messages_and_of_users_and_what_is_made_from_them_have_an_entry_each(project: Path) -> None:
    owners = {name: meta["owner"]["table"] for name, meta in entries(project, "stored_files").items()}
    assert owners == {
        "stored_files": "messages",
        "stored_files_of_users": "users",
        "derived_stored_files_of_messages": "messages",
        "derived_stored_files_of_users": "users",
    }


def test_m4_a_file_that_another_one_was_made_from_is_found_over_the_row_that_names_both(project: Path) -> None:
    derived = view(project, "derived_stored_files_of_users")
    assert (
        "inner join of_file_variants on of_file_uses.of_file_uses_record_id = of_file_variants.of_file_variants_id"
        in derived
    )
    assert "of_file_uses.of_file_uses_record_type = 'FileVariant'" in derived
    assert "of_file_uses_too.of_file_uses_too_record_type = 'Customer'" in derived
    assert derived.count("inner join") == 5


def test_m4_a_table_of_previews_goes_with_the_owner_of_the_file_that_they_show(project: Path) -> None:
    owners = {name: meta["owner"]["table"] for name, meta in entries(project, "previews").items()}
    assert owners == {"previews": "messages", "previews_of_users": "users"}
    assert "on own.stored_file_id = of_stored_files.of_stored_files_id" in view(project, "previews")


def test_m4_a_file_that_names_the_one_it_was_made_from_goes_with_its_owner(project: Path) -> None:
    meta = entries(project, "attachments")
    assert meta["attachments"]["owner"] == {"table": "messages", "key": "message_id"}
    assert meta["derived_attachments_of_messages"]["owner"] == {"table": "messages"}
    assert "own.original_attachment_id = of_attachments.of_attachments_id" in view(
        project, "derived_attachments_of_messages"
    )


def test_m4_an_array_of_keys_is_purged_as_one_of_json_is_and_of_urls_only_their_beginning_is_asked(
    project: Path,
) -> None:
    columns = metas_of(entry_of(project, "attachments"))
    assert columns["image_keys"] == {
        "replacement": "file", "leaves": "empty", "bucket_name": "files", "holds": "keys",
    }  # fmt: skip
    decide = columns["file_urls"].pop("decide")
    assert decide == "Which address do the URLs of your own store begin with?"
    assert columns["file_urls"] == {
        "replacement": "file", "leaves": "null", "bucket_name": "files", "holds": "urls", "base_url": "",
    }  # fmt: skip


def test_m4_a_file_is_not_made_from_the_portrait_of_who_made_it(project: Path) -> None:
    assert entries(project, "portraits")["portraits"]["owner"] == {"table": "users"}
    assert "owner" not in entries(project, "sheets")["sheets"]


def test_a_word_that_several_views_go_by_is_asked_about_once(project: Path) -> None:
    text = (project / "models" / "_sources.yml").read_text()
    assert text.count("Is 'FileVariant' the word") == text.count("Is 'Customer' the word") == 1


def test_what_anybody_may_have_written_into_a_table_that_nobody_knows_is_asked_about(project: Path) -> None:
    decide = entries(project, "imported_batches")["imported_batches"]["decide"]
    assert decide == "Is fault_lines, message_id free of what is a person's? As proposed it stays"


@pytest.mark.parametrize("identifier", ["channel_mail", "bots"])
def test_an_address_beside_a_password_and_a_machine_are_the_companys_without_a_question(
    project: Path, identifier: str
) -> None:
    assert "decide" not in entries(project, identifier)[identifier]
