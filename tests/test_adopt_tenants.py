"""What `retention adopt` proposes where the way to the tenant, or to the message, is no plain key."""

from pathlib import Path

import psycopg
import pytest
import yaml
from conftest import connect
from typer.testing import CliRunner, Result

from flows.cli import app

pytestmark = pytest.mark.xdist_group("adopted")

# Authors may be missing, as they are of the company's own answers; what a message consists of lies in tables that it names by a type.
SCHEMA = """
create table apps (id bigint primary key, name text);
create table customers (id bigint primary key, app_id bigint not null references apps (id), email text, phone text);
create table conversations (
    id bigint primary key, app_id bigint not null references apps (id), main_participant_id bigint, created_at timestamptz
);
create table messages (
    id bigint primary key, customer_id bigint references customers (id), conversation_id bigint not null references conversations (id),
    authorable_type text, authorable_id bigint, body text, content_type text, content_id bigint, created_at timestamptz not null
);
create table message_blocks (id bigint primary key, body text, created_at timestamptz not null);
create table activities (id bigint primary key, subject_type text, subject_id bigint, ip_address text, created_at timestamptz not null);
"""
ROWS = """
insert into apps values (1, 'one'), (2, 'two');
insert into customers values (1, 1, 'a@example.com', '1');
insert into conversations values (1, 2, 1, now());
insert into messages values (1, null, 1, 'Agent', 1, '', 'MessageBlock', 7, now());
insert into message_blocks values (7, 'x', now());
insert into activities values (1, 'Customer', 1, '', now()), (2, 'Conversation', 1, '', now()), (3, 'Robot', 1, '', now());
"""


@pytest.fixture(scope="module")
def adopted(
    postgres: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Result, dict[str, list[object]]]:
    """The project, what was printed, and the tenants that each thin view finds."""
    out = tmp_path_factory.mktemp("tenants") / "desk"
    with connect(postgres, "postgres") as admin:
        admin.execute("create database tenants")
    with connect(postgres, "tenants") as connection, pytest.MonkeyPatch.context() as patch:
        connection.execute(SCHEMA)
        connection.execute(ROWS)
        for variable, value in {**postgres, "PGDATABASE": "tenants"}.items():
            patch.setenv(variable, value)
        result = CliRunner().invoke(app, ["adopt", "--out", str(out), "--bucket", "files"])
        assert result.exit_code == 0, result.exception
        found = {name: _tenants(connection, out, name) for name in ("messages", "message_blocks", "activities")}
    with connect(postgres, "postgres") as admin:
        admin.execute("drop database tenants with (force)")
    return out, result, found


def _tenants(connection: "psycopg.Connection[dict[str, object]]", out: Path, name: str) -> list[object]:
    """The tenants of a thin view's rows, asked of the database with the tables in the place of their sources."""
    sql = (out / "models" / f"platform_{name}.sql").read_text()
    [source] = yaml.safe_load((out / "models" / "_sources.yml").read_text())["sources"]
    for table in source["tables"]:
        sql = sql.replace(f"{{{{ source('public', '{table['name']}') }}}}", table.get("identifier", table["name"]))
        sql = sql.replace(f"{{{{ retention.anonymized_on('{table['name']}') }}}}", "null::date")
    rows = connection.execute(f"select * from ({sql}) as shown order by 1").fetchall()  # type: ignore[call-overload]
    return [row["environment_id"] for row in rows]


def test_a_message_without_an_author_has_the_tenant_of_its_conversation(
    adopted: tuple[Path, Result, dict[str, list[object]]],
) -> None:
    assert "environments: public.apps\n" in adopted[1].stdout
    assert adopted[2]["messages"] == [2]


def test_what_a_message_consists_of_goes_with_it_though_only_a_type_and_an_id_lead_there(
    adopted: tuple[Path, Result, dict[str, list[object]]],
) -> None:
    [source] = yaml.safe_load((adopted[0] / "models" / "_sources.yml").read_text())["sources"]
    [blocks] = [table["config"]["meta"] for table in source["tables"] if table["name"] == "message_blocks"]
    assert blocks["owner"] == {"table": "messages"}
    assert "Is 'MessageBlock' the word for rows of message_blocks in content_type of messages" in blocks["decide"]
    assert adopted[2]["message_blocks"] == [2]


def test_p1_the_tenant_over_a_type_and_an_id_is_proposed_for_the_tables_that_play_a_part_and_its_words_are_asked_once(
    adopted: tuple[Path, Result, dict[str, list[object]]],
) -> None:
    assert adopted[2]["activities"] == [1, 2, None], "a row of another word is listed by rows_without_environment"
    [asked] = [line for line in adopted[1].stdout.splitlines() if line.startswith("- activities: Is ")]
    assert "'Customer' (a row of customers)" in asked
    assert "'Conversation' (a row of conversations)" in asked
    assert asked.endswith(
        "what subject_type says, and all that it says? models/platform_activities.sql finds the environment by it, and none of other words"
    )


def test_a_number_that_may_be_a_key_of_the_platform_as_well_as_an_identifier_of_elsewhere_is_asked_about(
    adopted: tuple[Path, Result, dict[str, list[object]]],
) -> None:
    """A foreign key that nobody declared is no identifier to be replaced (S2)."""
    asked = "- conversations.main_participant_id: Does it name a row of the platform? Then personal: false."
    assert asked in adopted[1].stdout
