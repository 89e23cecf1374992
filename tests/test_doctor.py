"""What an operator gets wrong, put in one at a time; `retention doctor` names it and says what mends it, and changes nothing."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeWorld
from pooler import pooler
from prefect.client.orchestration import get_client
from typer.testing import CliRunner
from world import OLD, World

from flows.cli import app
from flows.database import Database
from flows.doctor import Finding, examine, nights, platform, server, store
from flows.doctor.findings import State, made
from flows.project import DbtProject
from flows.settings import read_settings

pytestmark = pytest.mark.xdist_group("doctor")


@pytest.fixture(scope="module")
def built(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[World]:
    """A platform with a due row and a file in a bucket of each sort, which was prepared and has its views."""
    assert prefect_server
    with make_world(tmp_path_factory.mktemp("doctor")) as world, pytest.MonkeyPatch.context() as monkey:
        world.environment(1)
        message = world.message(world.user(), OLD)
        for bucket, versioning in (("plain", None), ("versioned", "Enabled")):
            world.bucket(bucket, versioning)
            world.put("key", bucket)
            world.attachment(message, "key", bucket)
        monkey.chdir(world.project_dir)
        told = {finding["check"]: finding["state"] for finding in document("doctor")["findings"]}
        assert {check for check, state in told.items() if state == "mend"} <= {"schedule"}, told
        assert (told["ledger"], told["buckets"]) == ("look", "skipped"), "before any run"
        assert world.rows("select 1 from pg_namespace where nspname = 'retention'") == []
        looked = document("run", "--dry-run")
        assert (looked["outcome"], looked["exit_code"]) == ("dry run", 0)
        assert "environment 1 is held back" in looked["left"][0]
        assert {line["kind"]: line["due"] for line in looked["lines"]}["messages"] == 1
        world.connection.execute("create role stranger login")
        yield world
        world.connection.execute("drop owned by stranger; drop role stranger")


@pytest.fixture
def world(built: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    built.enter(monkeypatch)
    before = built.bytes_of_platform(), built.keys("plain"), built.keys("versioned")
    yield built
    assert before == (built.bytes_of_platform(), built.keys("plain"), built.keys("versioned"))


def document(*arguments: str) -> Any:
    """What a command prints with --json."""
    return json.loads(CliRunner().invoke(app, [*arguments, "--json"]).output)


def by_check(findings: Iterator[Finding]) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings}


def test_all_is_checked_in_one_line_each_and_what_has_to_be_mended_ends_with_2(world: World) -> None:
    shown = CliRunner().invoke(app, ["doctor", "--json"])
    told = json.loads(shown.output)
    found = {finding["check"]: finding for finding in told["findings"]}
    faults = {check for check, finding in found.items() if finding["state"] == "mend"}
    assert faults <= {"schedule"}, told
    assert (shown.exit_code, told["is_sound"]) == ((2, False) if faults else (0, True))
    assert {
        "versions here", "time zone here", "settings", "retention periods", "reports", "server", "role", "ledger", "direct connection",
        "clocks", "data map", "environments", "markers", "indexes", "constraints", "roles", "rights", "file store", "bucket plain",
        "bucket versioned", "Prefect", "alarm",
    } <= found.keys()  # fmt: skip
    assert all(finding["remedy"] for finding in found.values() if finding["state"] in ("mend", "look"))
    assert found["bucket plain"]["found"].startswith("versions are off")
    assert found["bucket versioned"]["found"].startswith("versions are enabled")
    assert found["role"]["state"] == "look", "a superuser"


def test_what_operators_read_is_one_document_each_and_reading_releases_nothing(world: World) -> None:
    held = document("approve", "1")
    assert not held["is_released"]
    assert {row["kind"]: row["due"] for row in held["held"]}["messages"] == 1
    assert world.rows("select 1 from retention.approvals") == []
    assert document("approve", "1", "--yes")["is_released"]
    assert world.one("select count(*) as n from retention.approvals")["n"] == len(held["held"])
    assert document("status")["environments"][0]["rows_due"] >= 1
    assert document("forecast")[0]["days_ahead"] == 0
    assert document("ledger", "verify")["holds"]
    assert document("pause") == {"is_paused": True, "has_changed": True}
    assert document("resume") == {"is_paused": False, "has_changed": True}
    prepared = document("prepare", "--part", "constraints")
    assert prepared["is_applied"] is False
    assert all(statement.endswith(";") for statement in prepared["statements"])


@pytest.mark.parametrize(
    ("variable", "value", "check", "said"),
    [
        ("RETENTION_SCHEMA", "Retention", "settings", "Reading RETENTION_SCHEMA"),
        ("PGPORT", "1", "connection", "Connecting to PostgreSQL"),
    ],
)
def test_what_cannot_be_reached_is_named_and_the_rest_skipped(
    world: World, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, check: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.delenv("PREFECT_API_URL")
    found = by_check(examine())
    assert found[check].is_fault
    assert found[check].found.startswith(said)
    assert any(finding.state is State.SKIPPED for finding in found.values())


def test_a_seed_that_a_run_would_refuse_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = world.project_dir / "seeds" / "retention_periods.csv"
    before = seed.read_text()
    seed.write_text("environment_id,retention_months\n1,two\n")
    monkeypatch.setenv("PGPORT", "1")
    try:
        found = by_check(examine())
    finally:
        seed.write_text(before)
    assert found["retention periods"].is_fault
    assert "expected whole months from 1 to 1200, found 'two'" in found["retention periods"].found


def test_p1_environments_that_the_platform_does_not_have_are_named_before_a_run_refuses_them(world: World) -> None:
    seed = world.project_dir / "seeds" / "retention_periods.csv"
    before = seed.read_text()
    assert by_check(examine())["environments"].state is State.OK
    seed.write_text(f"{before}77,12\n")
    try:
        found = by_check(examine())["environments"]
        planned, status = document("plan"), document("status")
        shown = CliRunner().invoke(app, ["plan"]).output
    finally:
        seed.write_text(before)
    said = "seeds/retention_periods.csv names 77, which the platform does not have as an environment"
    assert found.is_fault
    assert found.found.startswith(said)
    assert f"Warning: {said}" in shown
    for sentences in (planned["warnings"], status["alarms"]):
        assert any(sentence.startswith(said) for sentence in sentences)
    assert document("plan")["warnings"] == []
    assert all(said not in sentence for sentence in document("status")["alarms"])


def test_a_pooler_in_transaction_mode_is_told_from_a_direct_connection(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_settings()

    def found() -> Finding:
        with Database.connect(settings.retention_schema) as database:
            (finding,) = server.examine_directness(database, settings)
            return finding

    assert found().state is State.OK
    with pooler(Path(world.environ["PGHOST"]) / f".s.PGSQL.{world.environ['PGPORT']}") as between:
        monkeypatch.setenv("PGHOST", "127.0.0.1")
        monkeypatch.setenv("PGPORT", str(between.port))
        assert found().is_fault
        assert found().remedy == "Set PGHOST and PGPORT to the server itself"


def test_a_role_without_rights_is_told_which(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    monkeypatch.setenv("PGUSER", "stranger")
    with Database.connect(settings.retention_schema) as database:
        ledger = by_check(server.examine(database, settings))["ledger"]
        (closed,) = server.examine_access(database, settings)
        with world.executed(
            "grant usage on schema platform to stranger", "revoke usage on schema platform from stranger"
        ):
            assert list(server.examine_access(database, settings)) == []
            rights = list(platform.examine_rights(database, DbtProject(settings, {})))
    assert (closed.is_fault, closed.found) == (True, "stranger may not use the schema platform")
    assert ledger.is_fault
    assert "stranger may create nothing in the schema retention" in ledger.found
    told = [finding.found for finding in rights if finding.is_fault]
    assert any("may not select" in found and "first_name" in found and "users" in found for found in told)
    assert any("may not update" in found and "content" in found and "messages" in found for found in told)
    assert any("vacuum and analyze messages" in finding.found for finding in rights)


def test_rows_that_row_security_hides_are_named(world: World) -> None:
    settings = read_settings()
    enabled = world.executed(
        "alter table platform.messages enable row level security; alter table platform.messages force row level security;"
        "grant all on all tables in schema platform to stranger; grant usage on schema platform to stranger",
        "alter table platform.messages disable row level security; alter table platform.messages no force row level security;"
        "revoke all on all tables in schema platform from stranger; revoke usage on schema platform from stranger",
    )
    with enabled, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGUSER", "stranger")
        with Database.connect(settings.retention_schema) as database:
            faults = [
                finding for finding in platform.examine_rights(database, DbtProject(settings, {})) if finding.is_fault
            ]
    assert [finding.found for finding in faults] == ["row security hides rows of messages from the role"]


def test_a_column_that_nobody_declared_and_a_table_without_marker_are_named(world: World) -> None:
    settings = read_settings()
    faults = world.executed(
        "alter table platform.users add column nickname text; alter table platform.messages rename anonymized_on to done_on",
        "alter table platform.users drop column nickname; alter table platform.messages rename done_on to anonymized_on",
    )
    with faults, Database.connect(settings.retention_schema) as database:
        project = DbtProject(settings, {})
        (unfit,) = platform.examine_data_map(database, project)
        preparation = by_check(platform.examine_preparation(database, project))
    assert unfit.is_fault
    assert "users.nickname (in the database, not in the data map)" in unfit.found
    assert (preparation["markers"].state, preparation["markers"].remedy) == (
        State.MEND,
        "retention prepare --part markers --apply",
    )


def test_a_store_that_is_down_and_one_without_rights_are_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    with Database.connect(settings.retention_schema) as database:
        sound = by_check(store.examine(database, settings))
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
        (down,) = store.examine(database, settings)
    assert {finding.state for finding in sound.values()} == {State.OK}
    assert down.is_fault
    assert "EndpointConnectionError" in down.found
    world.s3.delete_object(Bucket="plain", Key="key")
    world.s3.delete_bucket(Bucket="plain")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", world.environ["AWS_ENDPOINT_URL_S3"])
    try:
        with Database.connect(settings.retention_schema) as database:
            gone = by_check(store.examine(database, settings))["bucket plain"]
    finally:
        world.bucket("plain")
        world.put("key", "plain")
    assert gone.is_fault
    assert "NoSuchBucket" in gone.found


def test_files_on_a_disk_are_looked_for_there(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def found(folder: Path) -> Finding:
        monkeypatch.setenv("FILE_STORE_FOLDER", str(folder))
        settings = read_settings()
        with Database.connect(settings.retention_schema) as database:
            (finding,) = made("file store", store.examine, database, settings)
        return finding

    assert found(tmp_path).state is State.OK
    unmounted = found(tmp_path / "unmounted")
    assert unmounted.is_fault
    assert "Mount it, or mend FILE_STORE_FOLDER" in unmounted.found


def test_a_schedule_that_nobody_serves_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.anonymize import anonymize
    from flows.schedule import nightly

    monkeypatch.delenv("ALARM_BLOCK", raising=False)
    with get_client(sync_client=True) as client:
        deployment_id = anonymize.to_deployment("doctor", schedule=nightly(), entrypoint_type=None).apply()
        try:
            unserved = by_check(nights.examine(os.environ["PREFECT_API_URL"]))
            client.pause_deployment(deployment_id)
            paused = by_check(nights.examine(os.environ["PREFECT_API_URL"]))
            monkeypatch.setenv("ALARM_BLOCK", "slack-webhook/nobody")
            unknown = by_check(nights.examine(os.environ["PREFECT_API_URL"]))
        finally:
            client.delete_deployment(deployment_id)
    assert unserved["Prefect"].state is State.OK
    assert unserved["schedule doctor"].is_fault
    assert "nobody serves it" in unserved["schedule doctor"].found
    assert "paused" in paused["schedule doctor"].found
    assert unserved["alarm"].state is State.LOOK
    assert unknown["alarm"].is_fault
    assert unknown["Prefect"].state is State.OK
    (nothing,) = nights.examine(None)
    assert nothing.state is State.LOOK
