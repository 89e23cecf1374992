"""What `retention adopt` proposes for what a company publishes or sets up, for whom a row is of, and for keys by uuid."""

from pathlib import Path
from typing import Any

import pytest
from adopted_platform import entry_of, metas_of, project_for, view

pytestmark = pytest.mark.xdist_group("adopted")

SCHEMA = """
create type person_kind as enum ('agent', 'customer', 'visitor');
create table people (id bigint primary key, kind person_kind not null, email text, full_name text, created_at timestamptz);
create table threads (id bigint primary key, person_id bigint not null references people (id), created_at timestamptz);
create table messages (
    id bigint primary key, thread_id bigint not null references threads (id), sender_id bigint not null references people (id),
    body text, sentiment jsonb, created_at timestamptz not null
);
create table help_articles (
    id bigint primary key, slug text not null unique, title text, body text, author_id bigint references people (id),
    created_at timestamptz
);
create table channel_sms (id bigint primary key, phone_number text not null unique, created_at timestamptz);
create table suggestions (
    id bigint primary key, thread_id bigint not null references threads (id), answer text,
    reviewed_by_id bigint references people (id), created_at timestamptz
);
create table attachments (
    id bigint primary key, token uuid not null unique, message_id bigint not null references messages (id),
    content_type text, content_id text, size int, created_at timestamptz
);
"""


@pytest.fixture(scope="module")
def project(postgres: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_for(postgres, SCHEMA, tmp_path_factory.mktemp("published") / "office")


def entry(project: Path, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The meta of one table, and those of its columns."""
    table = entry_of(project, name)
    return table["config"]["meta"], metas_of(table)


@pytest.mark.parametrize("name", ["help_articles", "channel_sms"])
def test_what_a_company_publishes_or_sets_up_is_not_emptied_by_its_age_unless_a_person_says_so(
    project: Path, name: str
) -> None:
    meta, columns = entry(project, name)
    assert "As proposed it stays" in meta["decide"]
    assert not any("replacement" in column for column in columns.values())


def test_m6_a_row_goes_with_its_conversation_and_not_with_who_reviewed_it(project: Path) -> None:
    assert entry(project, "suggestions")[0]["owner"] == {"table": "messages"}


def test_m4_a_unique_uuid_beside_a_size_is_proposed_as_the_key_of_the_file_and_asked_about(project: Path) -> None:
    token = entry(project, "attachments")[1]["token"]
    assert token.pop("decide") == "Is it the key of the row's file? No column is called one."
    assert token == {"replacement": "file", "leaves": "random_id", "bucket_name": "files"}
    assert "{{ retention.has_own_file('attachments', 'token') }} as has_file" in view(project, "attachments")


def test_a_text_beside_a_media_type_names_no_row_of_the_platform(project: Path) -> None:
    assert entry(project, "attachments")[1]["content_id"]["replacement"] == "random_id"


def test_json_of_a_message_is_asked_about_whatever_it_is_called(project: Path) -> None:
    assert "decide" in entry(project, "messages")[1]["sentiment"]


def test_u1_every_kind_of_customer_is_a_data_subject(project: Path) -> None:
    assert view(project, "users").endswith("where own.kind in ('customer', 'visitor')")
