"""Words on the command line and variables that lead nowhere. One paragraph, one exit code, not a byte of the platform changed.

One platform serves all.
"""

from collections.abc import Iterator

import pytest
from conftest import MakeWorld
from telling import refusal_of
from world import OLD, World

from flows.errors import BadConfiguration
from flows.store import Store


@pytest.fixture(scope="module")
def built(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A platform with a due row, of which no command gets to see anything."""
    with make_world(tmp_path_factory.mktemp("settings")) as world:
        world.environment(1)
        world.message(world.user(), OLD)
        yield world


@pytest.fixture
def world(built: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    built.enter(monkeypatch)
    with built.untouched():
        yield built


# The command line


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["rum"], "rum"),
        (["run", "--dryrun"], "--dryrun"),
        (["run", "--as-of"], "--as-of"),
        (["run", "--environment"], "--environment"),
        (["run", "everything"], "everything"),
        (["approve"], "environment"),
        (["approve", "1", "2"], "2"),
        (["pause", "now"], "now"),
        (["resume", "--force"], "--force"),
        (["forecast", "--months", "two"], "--months"),
        (["ledger"], "verify"),
        (["ledger", "repair"], "repair"),
        (["prepare", "--part", "everything"], "--part"),
    ],
    ids=" ".join,
)
def test_words_that_the_command_does_not_know_are_refused_by_name(
    world: World, arguments: list[str], found: str
) -> None:
    told = refusal_of(*arguments)
    assert found in told
    assert "Traceback" not in told


# Environment variables


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PGPORT", "abc"), ("PGPORT", "1"), ("PGDATABASE", "no_such_database"), ("PGUSER", "nobody_here"),
        ("PGHOST", "no.such.host.invalid"), ("PGSSLMODE", "sometimes"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["run", "status", "pause"])
def test_a_variable_of_libpq_that_leads_nowhere_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, command: str
) -> None:
    monkeypatch.setenv(variable, value)
    told = refusal_of(command)
    assert told.startswith("Connecting to PostgreSQL: expected a server, found ")
    assert told.endswith("Check PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE; nothing was changed.")


@pytest.mark.parametrize(
    ("variable", "value"),
    [("RETENTION_SCHEMA", "Retention"), ("PLATFORM_SCHEMA", "plat form"), ("PURGE_DELAY", "one day")],
)
@pytest.mark.parametrize("command", ["run", "status", "resume", "serve", "forecast"])
def test_a_setting_of_ours_that_cannot_be_read_stops_every_command(
    world: World, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, command: str
) -> None:
    monkeypatch.setenv(variable, value)
    told = refusal_of(command)
    assert told.startswith(f"Reading {variable}: expected ")
    assert repr(value) in told


@pytest.mark.parametrize(
    ("variable", "value"), [("AWS_ENDPOINT_URL_S3", "nonsense"), ("AWS_PROFILE", "no-such-profile")]
)
def test_a_store_that_its_variables_do_not_name_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadConfiguration) as refusal:
        Store()
    message = str(refusal.value)
    assert message.startswith("Opening the file store: expected AWS_* variables that name one, found: ")
    assert value in message
    assert message.endswith("Mend AWS_ENDPOINT_URL_S3, AWS_PROFILE or what is named there; nothing was changed.")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/api", "http://no.such.host.invalid/api", "prefect", "ftp://x/api", "http:///api"]
)
@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_prefect_server_that_does_not_answer_is_refused_before_anything_else_starts(
    world: World, monkeypatch: pytest.MonkeyPatch, url: str, command: str
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", url)
    monkeypatch.setattr("flows.settings.getproxies", dict)
    told = refusal_of(command)
    assert told.startswith("Reaching Prefect at PREFECT_API_URL: expected a server, found ")
    assert told.endswith("A run by hand does without the variable too, with a server of its own. Nothing was changed.")


@pytest.mark.parametrize("path", ["", "/nothing", "/api/nothing"])
def test_a_server_that_is_not_prefects_api_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, prefect_server: str, path: str
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_server.removesuffix("/api") + path)
    told = refusal_of("run")
    assert "found a server that has no /health there. Start it, or mend the address (it ends in /api)" in told
