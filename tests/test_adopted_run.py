"""From an unknown database to an approved run: adopt, decide, plan, run; what had to go is gone, the rest untouched."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from adopted_platform import ROWS, SCHEMA, decide
from adopted_platform import retention as invoke
from fix_adopted import MakePlatform
from project_copy import ROOT
from typer.testing import Result
from world import World

from flows.errors import BadConfiguration, HeldBack

# The whole way is walked in the first test's setup.
pytestmark = [pytest.mark.xdist_group("adopted"), pytest.mark.timeout(900)]
TABLES = (
    "archive.messagerie_historique_des_clients_conservee_pour_l_archive_2019",
    "archive.visits",
    "crm.blobs",
    'crm."Channels"',
    "crm.direcciones",
    "crm.kundennotizen",
    "crm.labels",
    "crm.members",
    "crm.post_blobs",
    "crm.post_edits",
    "crm.post_translations",
    "crm.posts",
    "crm.schema_migrations",
    "crm.thread_drafts",
    "crm.thread_labels",
    "crm.threads",
    'crm."Workspaces"',
    '"Téléphonie"."SmsMessages"',
)  # fmt: skip
# The agent, who is no data subject, wrote a message that is due.
PURGED = {
    *(f"gone/image{n}{letter}" for n in (1, 2, 3, 4) for letter in "ab"),
    *(f"gone/avatar{n}" for n in (1, 3, 5)),
    "gone/blob1",
    "gone/thumb1",
    "gone/recording1",
}
KEPT = {"stays/avatar2", "stays/blob2", "stays/thumb2", "stays/blob3", "stays/image5a", "stays/recording2"}

# Three hundred posts that are due, ten a thread, each with a file of its own.
MUCH = """
insert into crm.threads (channel_id, member_id, subject, created_at)
select 1, '00000000-0000-0000-0000-000000000001', 'GONE', now() - interval '3 years' from generate_series(1, 30);
insert into crm.posts (thread_id, author_type, author_id, body, network_ref, created_at)
select 4 + n % 30, 'member', '00000000-0000-0000-0000-000000000001', 'GONE', 'GONE-' || n, now() - interval '3 years'
from generate_series(1, 300) as n;
insert into crm.blobs (storage_key, file_name, content_type, byte_size, created_at)
select 'gone/much' || id, 'GONE', 'image/png', 3, created_at from crm.posts where network_ref like 'GONE-%';
insert into crm.post_blobs (post_id, blob_id)
select posts.id, blobs.id from crm.posts join crm.blobs on storage_key = 'gone/much' || posts.id;
create index on crm.post_blobs (post_id);
create index on crm.post_blobs (blob_id);
analyze;
select pg_stat_reset();
"""

Told = dict[str, Any]


ASKED: list[str] = []


def retention(*arguments: str) -> Result:
    ASKED.append(" ".join(("retention", *arguments)))
    return invoke(*arguments)


@pytest.fixture(scope="module")
def told(make_platform: MakePlatform) -> Iterator[Told]:
    """The whole way, once: what each command printed, the rows before and after, and the world."""
    with make_platform("acme", (SCHEMA, ROWS), PURGED | KEPT) as world:
        yield _way(world)


def _way(world: World) -> Told:
    folder = str(world.project_dir)
    told: Told = {"world": world, "adopt": retention("adopt", "--out", folder, "--bucket", "files")}
    told["plan before"] = retention("plan", "--project-dir", folder)
    told["refused"] = retention("run", "--dry-run", "--project-dir", folder)
    decide(world.project_dir)
    told["plan"] = retention("plan", "--project-dir", folder)
    told["policy"] = retention("policy", "--project-dir", folder)
    told["before"] = rows(world)
    told["dry run"] = retention("run", "--dry-run", "--project-dir", folder)
    told["held"] = retention("run", "--project-dir", folder)
    told["untouched"] = rows(world)
    told["approve"] = retention("approve", "1", "--project-dir", folder)
    assert retention("approve", "2", "--yes", "--project-dir", folder).exit_code == 0
    told["run"] = retention("run", "--project-dir", folder)
    told["after"] = rows(world)
    told["again"] = world.run()
    told["at last"] = rows(world)
    told["status"] = retention("status", "--json")
    told["read whole"] = _times_read_whole_in_a_night_with_much_to_do(world)
    world.connection.execute("alter table crm.posts add body_markdown text")
    told["undeclared"] = retention("run", "--project-dir", folder)
    told["update"] = retention("adopt", "--out", folder, "--update", "--bucket", "files")
    return told


def _times_read_whole_in_a_night_with_much_to_do(world: World) -> int:
    """How often a night, its checks included, reads all messages, when thirty long threads and their files are due."""
    world.connection.execute(MUCH)
    world.run()
    assert not world.rows("select from crm.posts where body <> '' and created_at < now() - interval '25 months'")
    read = world.one("select seq_tup_read as n from pg_stat_user_tables where relname = 'posts_first'")["n"]
    return int(read / world.one("select count(*) as n from crm.posts")["n"])


def rows(world: World) -> dict[str, dict[str, str]]:
    """Every row of the platform as text, with its transaction, by table and key."""
    return {
        table: {
            row["key"]: row["text"]
            for row in world.rows(
                f"select (to_jsonb(t) ->> (select min(k) from jsonb_object_keys(to_jsonb(t)) as k where k in ('id', 'Id', 'identifiant', 'visit_id'))) as key,"
                f" concat(t.xmin, ' ', t::text) as text from {table} as t"
            )
        }
        for table in TABLES
    }


def text_of(told: Told, when: str) -> str:
    return "\n".join(text for table in told[when].values() for text in table.values())


def test_nothing_acts_while_a_question_is_open_and_the_plan_shows_all_of_them(told: Told) -> None:
    assert isinstance(told["refused"].exception, BadConfiguration)
    assert "a person has to decide first" in str(told["refused"].exception)
    assert "8 open questions" in told["plan before"].stdout


def test_the_plan_says_each_rule_in_a_sentence_with_what_is_due_and_what_to_add(told: Told) -> None:
    assert told["plan"].exit_code == 0, told["plan"].exception
    printed = told["plan"].stdout
    assert "- kundennotizen: inhalt → empty, 24 months after angelegt_am." in printed
    assert "create index concurrently if not exists" in printed
    assert "Period of 2 environments: 24 months." in printed


def test_the_plan_counts_the_rows_that_no_rule_reaches(told: Told) -> None:
    unreached = [line for line in told["plan"].stdout.splitlines() if line.startswith("No rule reaches")]
    assert unreached == [
        "No rule reaches 1 of 6 rows of crm.members: no thin view shows them. Is none of them a customer's?"
    ]


def test_the_policy_tells_scope_rules_files_what_is_kept_boundaries_and_open_points(told: Told) -> None:
    written = told["policy"].stdout
    assert told["policy"].exit_code == 0, told["policy"].exception
    for heading in (
        "Scope",
        "What is emptied, and when",
        "Files",
        "What is kept, and why",
        "Boundaries",
        "Open points",
    ):
        assert f"## {heading}\n" in written
    assert "None: every column of every declared table is decided." in written


def test_a_first_run_of_an_adopted_platform_waits_for_a_person(told: Told) -> None:
    assert isinstance(told["held"].exception, HeldBack)
    assert told["untouched"] == told["before"]


def test_m3_u2_what_is_due_holds_no_personal_value_in_any_form_after_the_run(told: Told) -> None:
    assert told["run"].exit_code == 0, told["run"].exception
    assert "GONE" in text_of(told, "before")
    # Of the identifier of a person of the other workspace, which happens to be the same, nothing goes.
    left = [line for line in text_of(told, "after").splitlines() if "gone" in line.lower()]
    assert left == [told["before"]["archive.visits"]["4"]]


def test_m2_u1_every_living_row_is_the_same_to_the_byte_and_was_not_written(told: Told) -> None:
    changed = {
        (table, key)
        for table, before in told["before"].items()
        for key, text in before.items()
        if told["after"][table][key] != text
    }
    assert not [
        text for table, key in changed if "STAYS" in (text := told["before"][table][key]) and "GONE" not in text
    ]
    assert changed


def test_s2_every_row_is_there_after_the_run(told: Told) -> None:
    assert {table: set(keys) for table, keys in told["after"].items()} == {
        table: set(keys) for table, keys in told["before"].items()
    }


def test_m4_files_named_on_the_row_in_json_in_a_joined_table_and_as_url_are_purged_and_living_ones_are_not(
    told: Told,
) -> None:
    assert told["world"].keys() == KEPT


def test_only_declared_paths_of_json_are_replaced_at_any_depth(told: Told) -> None:
    props = told["world"].one("select props from crm.posts where id = 1")["props"]
    assert props == {
        "contact": {"name": "", "score": 1},
        "items": [{"email": None, "qty": 1}, {"email": None, "qty": 2}],
        "theme": "dark",
    }


def test_s3_a_recent_row_loses_the_identifier_of_a_person_who_is_anonymized_in_its_own_environment_only(
    told: Told,
) -> None:
    visits = {row["visit_id"]: row for row in told["world"].rows("select * from archive.visits")}
    assert visits[3]["network_id"] != "net-GONE1"
    assert visits[3]["user_agent"] == "STAYS agent"
    assert str(visits[3]["ip_address"]) == "192.0.2.3"


def test_agents_in_the_table_of_customers_stay_as_they_are(told: Told) -> None:
    key = "00000000-0000-0000-0000-000000000004"
    assert told["after"]["crm.members"][key] == told["before"]["crm.members"][key]


def test_a_second_run_changes_nothing(told: Told) -> None:
    assert told["again"].outcome == "done"
    assert told["at last"] == told["after"]


def test_nothing_is_due_any_more_and_nothing_is_old(told: Told) -> None:
    for environment in json.loads(told["status"].stdout)["environments"]:
        assert (environment["rows_due"], environment["oldest_due_days"]) == (0, None)


def test_what_several_owners_show_is_looked_up_by_its_key_and_not_by_reading_all_messages(told: Told) -> None:
    """Views, verification and statistics read all messages, some dozen times a night; a batch does not for each row."""
    assert told["read whole"] < 1000


def test_a_column_that_the_platform_adds_stops_the_next_night_by_name(told: Told) -> None:
    assert isinstance(told["undeclared"].exception, BadConfiguration)
    assert "posts.body_markdown in the database, not in the data map" in str(told["undeclared"].exception)
    assert "crm.posts.body_markdown" in told["update"].stdout


def test_the_walk_in_the_docs_shows_what_the_commands_print(told: Told) -> None:
    """Numbers and instants aside, and what a lone … leaves out."""
    printed = [
        told[step].stdout + str(told[step].exception or "")
        for step in ("adopt", "plan", "refused", "dry run", "approve", "run", "undeclared", "update")
    ]
    lines = {
        _plain(line.replace(str(told["world"].project_dir), "acme")) for text in printed for line in text.splitlines()
    }
    asked = {command.replace(str(told["world"].project_dir), "acme") for command in ASKED}
    page = (ROOT / "docs" / "adopt.md").read_text()
    assert set(re.findall(r"^\$ (.+)$", page, re.MULTILINE)) <= asked
    shown = [
        line
        for block in page.split("```")[1::2]
        for line in block.splitlines()
        if block.startswith("\n") and not line.startswith("$ ") and line != "…"
    ]
    assert len(shown) > 60
    assert not [line for line in shown if _plain(line) not in lines]


def _plain(line: str) -> str:
    return " ".join(re.sub(r"[0-9]+", "#", line).split())
