"""`retention adopt` called again or amiss, and on schemas that have no tenants or refuse a replacement."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from adopted_platform import adopt, decide, trap_database, view

from flows.errors import BadConfiguration

pytestmark = pytest.mark.xdist_group("adopted")


@pytest.fixture(scope="module")
def platform(postgres: dict[str, str]) -> Iterator["psycopg.Connection[dict[str, Any]]"]:
    with trap_database(postgres) as connection:
        yield connection


def test_p1_tenants_that_no_table_lists_are_environments_by_the_column_that_names_them(
    platform: "psycopg.Connection[dict[str, Any]]", tmp_path: Path
) -> None:
    platform.execute(
        """
        create schema lone;
        create table lone.customers (id int primary key, tenant_id uuid not null, name text, email text, created_at timestamptz);
        create table lone.messages (
            id int primary key, tenant_id uuid, customer_id int references lone.customers, body text, created_at timestamptz
        );
        create table lone.attachments (id int primary key, message_id int references lone.messages, file_key text);
        """
    )
    try:
        result = adopt(tmp_path / "lone", "--schema", "lone")
    finally:
        platform.execute("drop schema lone cascade")
    assert result.exit_code == 0, result.exception
    assert "environments: by tenant_id, listed by no table" in result.stdout
    project = tmp_path / "lone"
    assert "select distinct tenant_id as environment_id" in view(project, "environments")
    assert "own.tenant_id as environment_id" in view(project, "messages")
    assert "of_messages.of_messages_tenant_id as environment_id" in view(project, "attachments")


def test_no_file_of_an_existing_folder_is_overwritten(platform: object, tmp_path: Path) -> None:
    mine = tmp_path / "models" / "_sources.yml"
    mine.parent.mkdir()
    mine.write_text("mine")
    result = adopt(tmp_path)
    assert isinstance(result.exception, BadConfiguration)
    assert "models/_sources.yml" in str(result.exception)
    assert mine.read_text() == "mine"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["_sources.yml"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--schema", "nowhere"], "nowhere"),
        (["--schema", "archive"], "--messages"),
        (["--messages", "crm.post"], "crm.post"),
        (["--epoch", "days"], "days"),
        (["--time-zone", "Europe/Nowhere"], "Europe/Nowhere"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_and_named(
    platform: object, tmp_path: Path, arguments: list[str], named: str
) -> None:
    result = adopt(tmp_path / "new", *arguments)
    assert isinstance(result.exception, BadConfiguration)
    assert named in str(result.exception)
    assert not (tmp_path / "new").exists()


def test_adopting_anew_keeps_every_decision_and_asks_about_what_is_new(
    platform: "psycopg.Connection[dict[str, Any]]", tmp_path: Path
) -> None:
    out = tmp_path / "acme"
    assert adopt(out, "--bucket", "files").exit_code == 0
    decide(out)
    (out / "models" / "platform_users.sql").write_text("-- mine\n")
    before = (out / "models" / "_sources.yml").read_text()
    platform.execute("alter table crm.posts add body_markdown text, add sort_weight int")
    platform.execute("alter table crm.labels drop color")
    platform.execute(
        "create table crm.post_summaries (id bigint primary key, post_id bigint references crm.posts (id), summary text)"
    )
    try:
        result = adopt(out, "--update", "--bucket", "files")
        again = adopt(out, "--update", "--bucket", "files")
    finally:
        platform.execute("alter table crm.posts drop body_markdown, drop sort_weight; drop table crm.post_summaries")
        platform.execute("alter table crm.labels add color text")
    assert result.exit_code == 0, result.exception
    after = (out / "models" / "_sources.yml").read_text()
    assert set(before.splitlines()) <= set(after.splitlines())
    entries = {table["name"]: table for source in yaml.safe_load(after)["sources"] for table in source["tables"]}
    (new, other) = entries["messages"]["columns"][-2:]
    assert new["name"] == "body_markdown"
    assert new["config"]["meta"] == {
        "decide": "New since the platform was adopted: is it right so?",
        "replacement": "empty",
    }
    assert other["config"]["meta"]["personal"] is False
    assert entries["post_summaries"]["config"]["meta"]["owner"] == {"table": "messages", "key": "post_id"}
    assert "post_summaries]" in (out / "dbt_project.yml").read_text()
    assert "own.post_id as message_id" in (out / "models" / "platform_post_summaries.sql").read_text()
    assert (out / "models" / "platform_users.sql").read_text() == "-- mine\n"
    assert "crm.labels.color" in result.stdout
    assert "added to models/_sources.yml: nothing." in again.stdout


def test_what_the_database_would_refuse_is_not_proposed_or_is_asked_about(
    platform: "psycopg.Connection[dict[str, Any]]", tmp_path: Path
) -> None:
    platform.execute(
        """
        create schema odd;
        create table odd.users (
            id int primary key, email text not null unique, handle varchar(10) not null unique, phone bigint not null,
            ip inet not null, birthday date not null, sex char(1) check (sex in ('m', 'f')),
            bio text not null check (bio <> ''), city text check (length(city) <= 80), "a.""b" text, created_at timestamptz
        );
        create table odd.messages (
            id bigint primary key, user_id int references odd.users, body text, attachment_keys text[], created_at timestamptz
        );
        create materialized view odd.people as select * from odd.users;
        create table odd.nothing ();
        """
    )
    try:
        result = adopt(tmp_path / "odd", "--schema", "odd")
    finally:
        platform.execute("drop schema odd cascade")
    assert result.exit_code == 0, result.exception
    (source,) = yaml.safe_load((tmp_path / "odd" / "models" / "_sources.yml").read_text())["sources"]
    tables = {
        table["name"]: {column["name"]: column["config"]["meta"] for column in table["columns"]}
        for table in source["tables"]
    }
    users = tables["users"]
    assert users["email"] == {"replacement": "random_id"}
    assert "too short for a random identifier" in users["handle"]["decide"]
    assert users["phone"] == {"replacement": "constant", "literal": "0"}
    assert users["ip"] == {"replacement": "constant", "literal": "0.0.0.0"}
    assert users["birthday"] == {"replacement": "constant", "literal": "1900-01-01"}
    assert users["sex"] == {"replacement": "null"}
    assert "users_bio_check" in users["bio"]["decide"]
    assert users["city"] == {"replacement": "empty"}
    assert "decide" in users['a."b']
    assert "decide" in tables["messages"]["attachment_keys"]
    assert not any("replacement" in meta for meta in tables["people"].values())
    assert "people: email, handle, phone" in result.stdout
