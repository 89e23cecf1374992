"""Bad input is refused: the error names the thing, the expectation and the remedy, and not a byte of the platform changes.

One platform serves all tests; each puts its fault in and takes it out again.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from conftest import MakeWorld, connect
from psycopg import sql
from world import NOW, OLD, World

from flows import ledger
from flows.database import Database
from flows.errors import AnotherRun, BadConfiguration, PartlyDone, RetentionError
from flows.ledger import LOCK_NAMESPACE, RunRequest
from flows.periods import check_periods
from flows.project import DbtProject, NodeResult
from flows.report import RunSummary
from flows.settings import read_settings

pytestmark = pytest.mark.xdist_group("refusals")

HEADER = "environment_id,retention_months"
WHOLE_MONTHS = "whole months from 1 to 1200"
ONE_YEAR_AND_A_HALF = NOW - timedelta(days=548)


# The seed, before anything else reads it.


@pytest.mark.parametrize(
    ("content", "expected", "found"),
    [
        *(
            pytest.param(f"{HEADER}\n7,{months}\n", f"line 2: expected {WHOLE_MONTHS}", repr(months), id=f"months {months!r}")
            for months in (
                "0", "-1", "1.5", "", "two years", "1e2", "1201", " 24", "24 ", "024", "+24", "1_0", "nan", "２４", "2٤",
            )
        ),
        pytest.param(f'{HEADER}\n7,2"4\n', WHOLE_MONTHS, "'2\"4'", id="a quote within"),
        pytest.param(f"{HEADER}\n7,24\n8,24\n7,12\n", "line 4: expected each environment once", "environment 7 again", id="repeated"),
        pytest.param(f"{HEADER}\n 7,24\n", "key without spaces", "' 7'", id="a space before the key"),
        pytest.param(f"{HEADER}\n,24\n", "an environment's key", "''", id="no key"),
        pytest.param(f"{HEADER}\nNull,24\n", "an environment's key", "'Null'", id="null, which dbt takes for none"),
        pytest.param(f"{HEADER}\n7,24\n\n8,24\n", "line 3: expected 2 values", "0", id="an empty line"),
        pytest.param(f"{HEADER}\n7\n", "2 values", "1", id="one value"),
        pytest.param(f"{HEADER}\n7,24,x\n", "2 values", "3", id="three values"),
        pytest.param("7,24\n", f"the columns {HEADER.replace(',', ', ')}", "'7,24'", id="no header"),
        pytest.param("", "the columns", "an empty file", id="an empty file"),
        pytest.param("retention_months,environment_id\n24,7\n", "the columns", "'retention_months,environment_id'", id="columns swapped"),
        pytest.param(f"{HEADER.upper()}\n7,24\n", "the columns", "'ENVIRONMENT_ID,RETENTION_MONTHS'", id="header in capitals"),
        pytest.param("environment_id, retention_months\n7,24\n", "the columns", "'environment_id, retention_months'", id="a space in the header"),
        pytest.param("environment_id;retention_months\n7;24\n", "the columns", "'environment_id;retention_months'", id="semicolons"),
        pytest.param(f'{HEADER}\n7,"24\n', "a CSV file in UTF-8", "Error", id="a quote that never ends"),
        pytest.param(f'{HEADER}\n7,"2"4\n', "a CSV file in UTF-8", "Error", id="text after a quote"),
        pytest.param(f"{HEADER}\nété,24\n".encode("latin-1"), "a CSV file in UTF-8 that can be read", "UnicodeDecodeError", id="not UTF-8"),
    ],
)  # fmt: skip
def test_p1_a_period_that_is_not_a_whole_number_of_months_is_refused(
    tmp_path: Path, content: str | bytes, expected: str, found: str
) -> None:
    """Also whatever makes the file say something else to dbt than to its reader."""
    error = _seed_refusal(tmp_path, content)
    assert expected in error
    assert f", found {found}. Mend" in error


@pytest.mark.parametrize("finer", ["account", "team", "channel"])
def test_p2_a_period_for_anything_finer_than_an_environment_is_refused(tmp_path: Path, finer: str) -> None:
    error = _seed_refusal(tmp_path, f"environment_id,{finer}_id,retention_months\n7,1,24\n")
    assert "a period belongs to an environment, to nothing finer" in error
    assert f"found 'environment_id,{finer}_id,retention_months'" in error


def test_p1_a_missing_seed_is_refused(tmp_path: Path) -> None:
    assert "FileNotFoundError" in _seed_refusal(tmp_path, None)


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n",
        f"{HEADER}\n7,24\n8,1\nacme,1200",
        f'{HEADER}\n"7","24"\n',
        f"\ufeff{HEADER}\n7,24\n",
        f"{HEADER}\r\n7,24\r\n",
    ],
    ids=["none", "several", "quoted", "byte order mark", "CRLF"],
)
def test_p1_a_seed_as_editors_save_it_is_taken(tmp_path: Path, content: str) -> None:
    _write_seed(tmp_path, content)
    (tmp_path / "seeds" / "feed_environments.csv").write_text("environment_id\n")
    check_periods(tmp_path)


def _seed_refusal(folder: Path, content: str | bytes | None) -> str:
    if content is not None:
        _write_seed(folder, content)
    with pytest.raises(BadConfiguration) as refusal:
        check_periods(folder)
    message = str(refusal.value)
    assert message.startswith("Reading the retention periods in ")
    assert "retention_periods.csv" in message
    assert message.endswith("Mend seeds/retention_periods.csv; nothing was changed.")
    assert (refusal.value.exit_code, refusal.value.summary) == (2, None)
    return message


def _write_seed(project_dir: Path, content: str | bytes) -> None:
    path = project_dir / "seeds" / "retention_periods.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


# Settings.


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("RETENTION_SCHEMA", value) for value in ("", "Retention", "my retention", "x; drop", 'x"', "1x", "é", "x" * 47)),
        *(("RETENTION_SCHEMA", value) for value in ("platform", "pg_temp", "pg_catalog", "information_schema")),
        ("PLATFORM_SCHEMA", "Platform"),
        *(("RETENTION_LANGUAGE", value) for value in ("de", "EN", "français")),
        *(("PURGE_DELAY", value) for value in ("", "-1", "1h", "1e3", "nan", "inf", "1,5", "٣", "9" * 20, "9" * 400)),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(
        BadConfiguration, match=f"^Reading {name}: expected .*, found {value!r}. (Set|Mend) {name}"
    ) as refusal:
        read_settings(environ={name: value})
    assert refusal.value.exit_code == 2


# The platform that the rest is tried on.


@dataclass(frozen=True, slots=True)
class FirstNight:
    """A run over three environments, of which one is misconfigured, with a file in a bucket that is missing."""

    world: World
    summary: RunSummary
    message: int
    refused_message: int
    agreed_message: int
    before: list[str]
    """The bytes of the misconfigured environment's rows before the run."""


@pytest.fixture(scope="module")
def night(make_world: MakeWorld, prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstNight]:
    assert prefect_server
    with make_world(tmp_path_factory.mktemp("refusals")) as world:
        for environment_id in (1, 2, 3):
            world.environment(environment_id)
        # As Windows editors save it. The platform agrees with the seed on 3, not on 2.
        _write_seed(world.project_dir, f"\ufeff{HEADER}\r\n2,24\r\n3,12\r\n")
        _set_platform_periods(world, "case environment_id when 2 then 12 when 3 then 12 end")
        message = world.message(None)
        world.attachment(message, "reports/1", bucket="elsewhere")
        refused = world.message(world.user(2), environment_id=2)
        agreed = world.message(None, ONE_YEAR_AND_A_HALF, environment_id=3)
        before = _bytes_of_environment(world, 2)
        yield FirstNight(world, world.run(), message, refused, agreed, before)


def _set_platform_periods(world: World, expression: str) -> None:
    path = world.project_dir / "models" / "platform" / "platform_environments.sql"
    text = path.read_text()
    assert "cast(null as integer) as retention_months" in text
    path.write_text(text.replace("cast(null as integer) as retention_months", f"{expression} as retention_months"))


def _bytes_of_environment(world: World, environment_id: int) -> list[str]:
    return [
        row["text"]
        for table in ("users", "messages")
        for row in world.rows(
            f"select concat(xmin, ctid, t::text) as text from platform.{table} t where environment_id = %s order by ctid",
            environment_id,
        )
    ]


def test_p1_an_environment_that_seed_and_platform_configure_differently_is_left_alone(night: FirstNight) -> None:
    """P1, T50: the others go on, and the summary names it; both set and equal is no fault."""
    world, summary = night.world, night.summary
    assert (summary.outcome, summary.exit_code) == ("partly done", PartlyDone.exit_code)
    assert "environment 2 is misconfigured: the seed and the platform set different periods." in summary.left
    assert _bytes_of_environment(world, 2) == night.before
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
    _write_seed(world.project_dir, f"{HEADER}\n2,12\n3,12\n")
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
    with _database(world) as database, pytest.raises(BadConfiguration) as refusal:
        ledger.fix_as_of(database, RunRequest(as_of=as_of))
    assert f"expected an instant such as 2026-11-23T02:00, found {as_of!r}" in str(refusal.value)
    assert "nothing was changed" in str(refusal.value)


def test_w1_an_instant_in_the_future_is_for_looking_never_for_acting(world: World) -> None:
    """One clock: with --dry-run it is taken."""
    tomorrow = (NOW + timedelta(days=1)).isoformat()
    message = _refusal(world, BadConfiguration, as_of=tomorrow)
    assert f"found {tomorrow}, which lies in the future. Look at a future instant with --dry-run" in message
    with _database(world) as database:
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


@contextmanager
def _database(world: World) -> Iterator[Database]:
    with Database.connect(read_settings(world.project_dir).retention_schema) as database:
        yield database


# Refused by the console command.


def test_p1_the_command_refuses_a_seed_with_exit_code_2_and_no_traceback(world: World, tmp_path: Path) -> None:
    shutil.copy(world.project_dir / "dbt_project.yml", tmp_path)
    _write_seed(tmp_path, f"{HEADER}\n7,0\n")
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


@dataclass(frozen=True, slots=True)
class BuiltProject:
    """The dbt project as it was built once, for the step that judges it: building takes long."""

    results: Sequence[NodeResult]

    def look(self) -> Sequence[NodeResult]:
        return self.results

    def data_map(self) -> str:
        return "{}"

    rules = data_map

    def dependents(self) -> list[str]:
        return []


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


def _judge(world: World, results: Sequence[NodeResult], **request: object) -> None:
    """The step of the flow that judges what was built, in a run of its own."""
    from flows.steps import Run, preview_due

    settings = read_settings(world.project_dir)
    asked = RunRequest(**request)  # type: ignore[arg-type]
    with _database(world) as database, ledger.open_run(database, asked, ledger.fix_as_of(database, asked)) as run_id:
        preview_due.fn(Run(settings, database, asked, run_id, BuiltProject(results)))  # type: ignore[arg-type]


@contextmanager
def _executed(world: World, statement: str, undo: str) -> Iterator[None]:
    world.connection.execute(statement)  # type: ignore[call-overload]
    try:
        yield
    finally:
        world.connection.execute(undo)  # type: ignore[call-overload]


def test_m3_a_data_map_that_names_what_the_database_lacks_is_refused(world: World, unfit: list[NodeResult]) -> None:
    """A column that the map alone knows, and a table that is gone."""
    rename = "alter table platform.{} rename to {}".format
    gone = _executed(world, rename("custom_events", "moved_events"), rename("moved_events", "custom_events"))
    with gone, pytest.raises(BadConfiguration) as refusal:
        _judge(world, unfit)
    message = str(refusal.value)
    assert message.startswith("Comparing the data map with the database: expected the same columns, found ")
    assert "users.nickname" in message
    assert "custom_events.user_network_id" in message
    assert "in the data map, not in the database" in message
    assert "Mend the data map in the sources' YAML, PLATFORM_SCHEMA or the database; nothing was changed." in message


def test_m3_a_column_that_nobody_declared_is_refused(world: World, unfit: list[NodeResult]) -> None:
    """Whether it holds personal data is unknown."""
    both = "add column note text, add column mood text"
    added = _executed(
        world,
        f"alter table platform.messages {both}; alter table platform.users add column nickname text",
        "alter table platform.messages drop column note, drop column mood; alter table platform.users drop column nickname",
    )
    with added, pytest.raises(BadConfiguration) as refusal:
        _judge(world, unfit)
    assert "found messages.mood, messages.note in the database, not in the data map. Mend" in str(refusal.value)


def test_u2_a_constant_without_its_var_is_refused_by_name(world: World, unfit: list[NodeResult]) -> None:
    """The data map says that the picture becomes the value of generic_picture_url, and nobody sets it."""
    results = [result for result in unfit if not result.is_broken or "Compilation Error" in result.message]
    nickname = _executed(
        world,
        "alter table platform.users add column nickname text",
        "alter table platform.users drop column nickname",
    )
    with nickname, pytest.raises(RetentionError) as refusal:
        _judge(world, results)
    assert "column 'picture_url' takes the var 'generic_picture_url', which is not set" in str(refusal.value)
    assert "Set it under vars in dbt_project.yml" in str(refusal.value)
    assert refusal.value.exit_code == BadConfiguration.exit_code


def test_u2_the_log_names_the_var_that_a_constant_lacks(unfit: list[NodeResult]) -> None:
    """Where the refusal of a broken view points to."""
    (message,) = [result.message for result in unfit if result.name == "platform_users"]
    assert "column 'picture_url' takes the var 'generic_picture_url', which is not set" in message
    assert "Set it under vars in dbt_project.yml" in message


def test_p1_a_seed_that_names_an_unknown_environment_is_refused(world: World) -> None:
    line = _executed(
        world,
        "insert into retention.retention_periods values ('99', '24'), ('01', '24')",
        "delete from retention.retention_periods where environment_id in ('99', '01')",
    )
    with line, pytest.raises(BadConfiguration) as refusal:
        _judge(world, [])
    assert str(refusal.value) == (
        "Reading seeds/retention_periods.csv: expected environments of the platform, found 01, 99. "
        "Take them out or correct them; nothing was changed."
    )


def test_p1_an_unknown_environment_that_is_asked_for_is_refused(world: World) -> None:
    with pytest.raises(BadConfiguration) as refusal:
        _judge(world, [], environments=["1", "acme"])
    assert str(refusal.value) == (
        "Reading --environment: expected environments of the platform, found acme. Correct them; nothing was changed."
    )
    assert world.rows("select * from retention.run_lines where run_id = (select max(run_id) from retention.runs)") == []


def test_no_connection_or_lock_is_left_by_a_refusal(world: World) -> None:
    locks = world.rows(
        "select * from pg_locks where locktype = 'advisory' and classid = %s"
        " and database = (select oid from pg_database where datname = current_database())",
        LOCK_NAMESPACE,
    )
    assert locks == []
    assert world.connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
