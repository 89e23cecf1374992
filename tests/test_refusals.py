"""Bad input is refused: the error names the thing, the expectation and the remedy, and not a byte of the platform changes.

One platform serves all tests; each puts its fault in and takes it out again.
"""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from conftest import MakeWorld, connect
from psycopg import sql
from refusals import HEADER, FirstNight, bytes_of_environment, first_night, judge, ledger_of, locks_left, write_seed
from world import NOW, OLD, World

from flows import ledger
from flows.errors import AnotherRun, BadConfiguration, PartlyDone, RetentionError
from flows.ledger import LOCK_NAMESPACE, RunRequest
from flows.project import DbtProject, NodeResult
from flows.settings import read_settings

pytestmark = pytest.mark.xdist_group("refusals")


@pytest.fixture(scope="module")
def night(make_world: MakeWorld, prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstNight]:
    assert prefect_server
    with first_night(make_world, tmp_path_factory.mktemp("refusals")) as night:
        yield night


def test_p1_an_environment_that_seed_and_platform_configure_differently_is_left_alone(night: FirstNight) -> None:
    """P1, T50: the others go on, and the summary names it; both set and equal is no fault."""
    world, summary = night.world, night.summary
    assert (summary.outcome, summary.exit_code) == ("partly done", PartlyDone.exit_code)
    assert "environment 2 is misconfigured: the seed and the platform set different periods." in summary.left
    assert bytes_of_environment(world, 2) == night.before
    assert {(line["cutoff"], line["state"]) for line in summary.lines if line["environment_id"] == "2"} == {
        (None, "misconfigured")
    }
    assert world.get("messages", night.message)["content"] == ""
    assert world.get("messages", night.agreed_message)["content"] == "", "seed and platform agree on 12 months"


def test_m4_a_missing_bucket_keeps_its_files_queued_and_the_next_run_finishes(night: FirstNight) -> None:
    """M4, T38, T50: the rows are anonymized, the run says that it is partly done, and why, without a key."""
    world, summary = night.world, night.summary
    if world.one("select count(*) as n from retention.file_queue")["n"] == 0:
        pytest.fail("the file was forgotten, though its bucket is missing")
    assert world.get("attachments", 1)["object_key"] == ""
    assert [
        sentence for sentence in summary.left if "1 files stay queued for the next run: NoSuchBucket (1)." in sentence
    ]
    assert "reports" not in " ".join(summary.left)
    queued = world.one("select object_key, attempts, failure from retention.file_queue")
    assert queued == {"object_key": "reports/1", "attempts": 1, "failure": "NoSuchBucket"}

    world.bucket("elsewhere")
    world.put("reports/1", "elsewhere")
    write_seed(world.project_dir, f"{HEADER}\n2,12\n3,12\n")
    mended = world.run()

    assert (mended.outcome, mended.left) == ("done", [])
    assert world.keys("elsewhere") == set()
    assert world.rows("select * from retention.file_queue") == []
    assert world.get("messages", night.refused_message)["content"] == ""


# Refused by the run, before dbt.


@pytest.fixture
def world(night: FirstNight) -> Iterator[World]:
    """The platform after its first night, with a due row; whatever the test does, not a byte of it changes."""
    world = night.world
    world.message(None, OLD)
    before = world.bytes_of_platform()
    yield world
    assert world.bytes_of_platform() == before
    assert world.one("select count(*) as n from retention.runs where finished_at is null")["n"] == 0


@pytest.mark.parametrize(
    "as_of",
    [
        *(
            "tomorrow",
            "2026-13-01",
            "2026-02-30",
            "23/11/2026",
            "now",
            "infinity",
            "",
            "2026-11-23; drop",
            "2026-W10-1",
        ),
        *("0001-01-01", "0026-11-23T02:00", "1969-12-31", "9999-12-31"),
    ],
)
def test_w1_nonsense_for_an_instant_is_refused(world: World, as_of: str) -> None:
    with ledger_of(world) as database, pytest.raises(BadConfiguration) as refusal:
        ledger.fix_as_of(database, RunRequest(as_of=as_of))
    assert f"expected an instant such as 2026-11-23T02:00, found {as_of!r}" in str(refusal.value)
    assert "nothing was changed" in str(refusal.value)


def test_w1_an_instant_in_the_future_is_for_looking_never_for_acting(world: World) -> None:
    """One clock: with --dry-run it is taken."""
    tomorrow = (NOW + timedelta(days=1)).isoformat()
    message = _refusal(world, BadConfiguration, as_of=tomorrow)
    assert f"found {tomorrow}, which lies in the future. Look at a future instant with --dry-run" in message
    with ledger_of(world) as database:
        clock = ledger.fix_as_of(database, RunRequest(as_of=tomorrow, dry_run=True))
    assert clock.as_of == NOW + timedelta(days=1)


def test_w1_a_second_run_is_refused_while_one_is_in_progress(world: World) -> None:
    """W1, T11: the database's lock decides, whoever holds it."""
    with connect(world.environ, world.environ["PGDATABASE"]) as other:
        other.execute("select pg_advisory_lock(%s, 0)", (LOCK_NAMESPACE,))
        runs = world.rows("select * from retention.runs order by run_id")
        message = _refusal(world, AnotherRun)
        assert "found one in progress, or its lock held: by the session with pid" in message
        assert f"pid {other.info.backend_pid} of the role {world.environ['PGUSER']}. Nothing was changed" in message
        assert AnotherRun.exit_code == 5
        assert world.rows("select * from retention.runs order by run_id") == runs


@pytest.mark.parametrize("what", ["database", "role"])
def test_a_database_that_is_read_only_is_refused(world: World, what: str) -> None:
    name = world.environ["PGDATABASE" if what == "database" else "PGUSER"]
    alter = sql.SQL("alter {} {}").format(sql.SQL(what), sql.Identifier(name))
    world.connection.execute(alter + sql.SQL(" set default_transaction_read_only = on"))
    try:
        message = _refusal(world, BadConfiguration)
    finally:
        world.connection.execute(alter + sql.SQL(" reset default_transaction_read_only"))
    assert (
        "expected a database that can be written, found one that is read-only. Point PGHOST at the primary" in message
    )


def test_a_role_that_does_not_own_the_ledger_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.connection.execute("create role stranger login")
    try:
        monkeypatch.setenv("PGUSER", "stranger")
        message = _refusal(world, BadConfiguration)
        monkeypatch.setenv("RETENTION_SCHEMA", "nowhere_yet")
        of_none = _refusal(world, BadConfiguration)
    finally:
        world.connection.execute("drop role stranger")
    assert (
        "Opening the ledger in the schema retention: expected a role that owns it or may create it, found: " in message
    )
    assert "Set PGUSER to the role that nights run as; nothing was changed." in message
    assert "Have the database's owner create the schema for this role." in of_none


def test_a_folder_without_a_dbt_project_is_refused(world: World, tmp_path: Path) -> None:
    world = World(world.connection, tmp_path, world.environ)
    message = _refusal(world, BadConfiguration)
    assert message == (
        f"Looking for the dbt project: expected dbt_project.yml in {tmp_path}, found none. "
        "Run the command in the project's folder, or give --project-dir."
    )


def _refusal(world: World, error: type[RetentionError], **arguments: object) -> str:
    with pytest.raises(error) as refusal:
        world.run(**arguments)
    return str(refusal.value)


# Refused by the console command.


def test_p1_the_command_refuses_a_seed_with_exit_code_2_and_no_traceback(world: World, tmp_path: Path) -> None:
    shutil.copy(world.project_dir / "dbt_project.yml", tmp_path)
    write_seed(tmp_path, f"{HEADER}\n7,0\n")
    result = world.command("run", "--project-dir", str(tmp_path))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "Reading the retention periods in retention_periods.csv, line 2: expected whole months from 1 to 1200, found '0'. "
        "Mend seeds/retention_periods.csv; nothing was changed.\n"
    )


def test_the_command_refuses_a_database_that_does_not_answer_with_exit_code_2(world: World) -> None:
    result = world.command("run", PGHOST="/nowhere")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Connecting to PostgreSQL: expected a server, found ")
    assert "/nowhere" in result.stderr
    assert result.stderr.endswith("Check PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE; nothing was changed.\n")
    assert "Traceback" not in result.stderr


# Refused by what dbt finds.


@pytest.fixture(scope="module")
def unfit(night: FirstNight) -> list[NodeResult]:
    """What dbt says when the data map names a column, the platform lacks a table, and a constant has no var."""
    world = night.world
    project = world.project_dir
    sources = project / "models" / "platform" / "_platform__sources.yml"
    texts = {path: path.read_text() for path in (sources, project / "dbt_project.yml")}
    nickname = "- name: nickname\n            config: {meta: {replacement: empty}}\n          - name: first_name"
    assert texts[sources].count("- name: first_name") == 1
    sources.write_text(texts[sources].replace("- name: first_name", nickname))
    lines = texts[project / "dbt_project.yml"].splitlines(keepends=True)
    (project / "dbt_project.yml").write_text("".join(line for line in lines if "generic_picture_url:" not in line))
    world.connection.execute("alter table platform.custom_events rename to moved_events")
    try:
        return DbtProject(read_settings(project), {"as_of": NOW.isoformat(), "run_id": "0"}).look()
    finally:
        world.connection.execute("alter table platform.moved_events rename to custom_events")
        for path, text in texts.items():
            path.write_text(text)


def test_m3_a_data_map_that_names_what_the_database_lacks_is_refused(world: World, unfit: list[NodeResult]) -> None:
    """A column that the map alone knows, and a table that is gone."""
    rename = "alter table platform.{} rename to {}".format
    gone = world.executed(rename("custom_events", "moved_events"), rename("moved_events", "custom_events"))
    with gone, pytest.raises(BadConfiguration) as refusal:
        judge(world, unfit)
    message = str(refusal.value)
    assert message.startswith("Comparing the data map with the database: expected the same columns, found ")
    assert "users.nickname" in message
    assert "custom_events.user_network_id" in message
    assert "in the data map, not in the database" in message
    assert "Mend the data map in the sources' YAML, PLATFORM_SCHEMA or the database; nothing was changed." in message


def test_m3_a_column_that_nobody_declared_is_refused(world: World, unfit: list[NodeResult]) -> None:
    """Whether it holds personal data is unknown."""
    both = "add column note text, add column mood text"
    added = world.executed(
        f"alter table platform.messages {both}; alter table platform.users add column nickname text",
        "alter table platform.messages drop column note, drop column mood; alter table platform.users drop column nickname",
    )
    with added, pytest.raises(BadConfiguration) as refusal:
        judge(world, unfit)
    assert "found messages.mood, messages.note in the database, not in the data map. Mend" in str(refusal.value)


def test_u2_a_constant_without_its_var_is_refused_by_name(world: World, unfit: list[NodeResult]) -> None:
    """The data map says that the picture becomes the value of generic_picture_url, and nobody sets it."""
    results = [result for result in unfit if not result.is_broken or "Compilation Error" in result.message]
    nickname = world.executed(
        "alter table platform.users add column nickname text",
        "alter table platform.users drop column nickname",
    )
    with nickname, pytest.raises(RetentionError) as refusal:
        judge(world, results)
    assert "column 'picture_url' takes the var 'generic_picture_url', which is not set" in str(refusal.value)
    assert "Set it under vars in dbt_project.yml" in str(refusal.value)
    assert refusal.value.exit_code == BadConfiguration.exit_code


def test_u2_the_log_names_the_var_that_a_constant_lacks(unfit: list[NodeResult]) -> None:
    """Where the refusal of a broken view points to."""
    (message,) = [result.message for result in unfit if result.name == "platform_users"]
    assert "column 'picture_url' takes the var 'generic_picture_url', which is not set" in message
    assert "Set it under vars in dbt_project.yml" in message


def test_p1_a_seed_that_names_an_unknown_environment_is_refused(world: World) -> None:
    line = world.executed(
        "insert into retention.retention_periods values ('99', '24'), ('01', '24')",
        "delete from retention.retention_periods where environment_id in ('99', '01')",
    )
    with line, pytest.raises(BadConfiguration) as refusal:
        judge(world, [])
    assert str(refusal.value) == (
        "Reading seeds/retention_periods.csv: expected environments of the platform, found 01, 99. "
        "Take them out or correct them; nothing was changed."
    )


def test_no_connection_or_lock_is_left_by_a_refusal(world: World) -> None:
    assert locks_left(world) == []
    assert world.connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
