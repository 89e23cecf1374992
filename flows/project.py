"""The one door to dbt: the project's commands, run in this process."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from typing import Any, NoReturn

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import EventLevel
from prefect_dbt import PrefectDbtRunner, PrefectDbtSettings

from flows import documents
from flows.errors import BadConfiguration, Unexpected
from flows.interruption import told_to_dbt
from flows.settings import Settings

# Nobody reads dbt's artifacts of a night, and writing them takes as long as the work of a quiet one.
WRITE_NOTHING = "--no-write-json"

# These read the project and build views that look; an error of dbt's own in one of them is one of the configuration.
BEFORE_ANY_CHANGE = ("deps", "parse", "build", "compile")

# The models whose hooks act, wherever the package stands.
ANONYMIZED = "retention.anonymized"

# dbt quotes the file around a fault; its beginning says what the fault is. In characters.
LONGEST_QUOTE = 400

# What PostgreSQL says where somebody has to grant, rename or correct something; all else nobody planned for.
_OF_DATABASE = re.compile(r"permission denied|must be owner|does not exist|expected a view or nothing|cannot drop view")


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of one node: its name, dbt's status word, and, of a test, the number of offences."""

    name: str
    tested: str | None
    status: str
    failures: int
    message: str

    @property
    def check(self) -> str:
        """What a test is called: the model that must be empty, or the test's own name where a model has several."""
        return self.tested if self.tested and "is_empty" in self.name else self.name

    @property
    def is_broken(self) -> bool:
        """Whether it could not be executed; a test that found something was executed."""
        return self.status in ("error", "runtime error", "skipped")


class DbtProject:
    """The dbt project with what one run fixed, by the macro run_setting's names."""

    def __init__(self, settings: Settings, run_settings: Mapping[str, str]) -> None:
        self._folder = settings.project_dir
        self._target, self._logs = settings.work_dir / "target", settings.work_dir / "logs"
        self.run_settings = dict(run_settings)

    @cached_property
    def _manifest(self) -> Manifest:
        """The project, parsed once for all that a run asks of dbt; Prefect parses once more for what acts."""
        if (self._folder / "packages.yml").is_file() and not (self._folder / "dbt_packages").is_dir():
            self.run_alone("deps", [], dbtRunner())
        manifest: Manifest = self.run_alone("parse", [], dbtRunner())
        return manifest

    @cached_property
    def alone(self) -> dbtRunner:
        """Without Prefect: a Prefect task for each node costs more than building a view, or judging by it."""
        return dbtRunner(manifest=self._manifest)

    @cached_property
    def _shown(self) -> PrefectDbtRunner:
        """With a Prefect task for each node: acting is shown so."""
        folder = self._folder
        settings = PrefectDbtSettings(
            project_dir=folder, profiles_dir=folder, target_path=self._target, log_level=EventLevel.WARN
        )
        return PrefectDbtRunner(manifest=self._manifest, settings=settings, raise_on_failure=False, disable_assets=True)

    def read(self) -> None:
        """Reads the project's files, unless that was done; what they do wrong is refused."""
        _ = self._manifest

    def look(self) -> list[NodeResult]:
        """Builds the seed and every view but those that act: no platform row changes."""
        arguments = ["--resource-type", "seed", "model", "function", "--exclude", ANONYMIZED]
        return node_results(self.run_alone("build", arguments, self.alone))

    def anonymize(self) -> list[NodeResult]:
        """Builds the views whose post-hooks anonymize."""
        return node_results(self._run("run", ["--select", ANONYMIZED], self._shown))

    def build_shown_messages(self) -> None:
        """Builds the view over the messages' lines without a run, so that nothing is anonymized by it."""
        run_settings, self.run_settings = self.run_settings, {}
        try:
            self.run_alone("run", ["--select", "anonymized_messages"], self.alone)
        finally:
            self.run_settings = run_settings

    def verify(self) -> list[NodeResult]:
        """Runs the data tests: one result a test."""
        arguments = ["--exclude-resource-type", "unit_test", "--no-populate-cache"]
        return node_results(self.run_alone("test", arguments, self.alone))

    def data_map(self) -> str:
        """The data map as a text that can be hashed."""
        return documents.data_map(self._manifest)

    def rules(self) -> str:
        """The rules as a text that can be hashed."""
        return documents.rules(self._manifest, self._folder)

    def unindexed(self) -> list[str]:
        """The kinds to whose due rows no index leads: what goes with other rows, and what has no marker column."""
        metas = {source.name: source.config.meta for source in self._manifest.sources.values()}
        return [name for name, meta in metas.items() if meta.get("owner") or meta.get("marker") in ("aside", "values")]

    def compiled(self, model: str) -> str:
        """The SQL of one model with this project's settings; nothing is built."""
        return self._compiled(model, ["--select", model])

    def preparation(self) -> str:
        """The query of the macro prepare: the statements that the database lacks."""
        return self._compiled("prepare", ["--inline", "{{ retention.prepare() }}"])

    def rows_with_due_owners(self) -> str:
        """The query of the macro rows_with_due_owners: what goes with the due rows of other kinds."""
        return self._compiled("rows_with_due_owners", ["--inline", "{{ retention.rows_with_due_owners() }}"])

    def policy(self) -> Any:  # noqa: ANN401 - as the macro policy says
        """What the macro policy says of the data map, sound or not."""
        return json.loads(self._compiled("policy", ["--inline", "{{ retention.policy() }}"]))

    def unreached_rows(self) -> str:
        """The query of the macro unreached_rows: what no thin view shows of tables in which something is personal."""
        return self._compiled("unreached_rows", ["--inline", "{{ retention.unreached_rows() }}"])

    def missing_rights(self) -> str:
        """The query of the macro missing_rights: what the role in PGUSER lacks."""
        return self._compiled("missing_rights", ["--inline", "{{ retention.missing_rights() }}"])

    def _compiled(self, name: str, arguments: list[str]) -> str:
        with redirect_stdout(StringIO()):  # dbt prints what it compiled, whatever its log level
            results = self.run_alone("compile", arguments, self.alone)
        for result in results:
            refuse_what_macros_refused(result.message or "")
            if str(result.status) == "success":
                return str(result.node.compiled_code)
        raise Unexpected(f"Compiling {name}: expected SQL, found none. See logs/dbt.log in the project.")

    def run_alone(self, command: str, arguments: list[str], runner: dbtRunner) -> Any:  # noqa: ANN401 - by command
        """Runs one dbt command for the nightly target without Prefect; dbt's own result of that command."""
        folder = str(self._folder)
        options = ["--project-dir", folder, "--profiles-dir", folder]
        options += ["--target-path", str(self._target)] if command != "deps" else []
        quiet = ["--log-level", "none", "--log-level-file", "warn"]
        return self._run(command, [*arguments, *options, *quiet], runner)

    def _run(self, command: str, arguments: list[str], runner: PrefectDbtRunner | dbtRunner) -> Any:  # noqa: ANN401
        always = ["--target", "nightly", "--log-path", str(self._logs), "--no-use-colors", WRITE_NOTHING]
        try:
            with _environment(self.run_settings), told_to_dbt():
                done = runner.invoke([command, *arguments, *always])
            if isinstance(done.exception, BaseException) and not isinstance(done.exception, Exception):
                raise done.exception  # SIGTERM, or Ctrl-C: dbt returns it as if it were a fault of the project
            error = str(done.exception or "")
        except ValueError as raised:  # Prefect's runner raises what dbt's returns
            error = str(raised).partition("': ")[2] or str(raised)
        if error:
            self._refuse(command, error)
        return done.result

    def _refuse(self, command: str, error: str) -> NoReturn:
        """Raises what stopped dbt itself; before the batches it is something that was configured."""
        refuse_what_macros_refused(error)
        found = " ".join(error.split())[:LONGEST_QUOTE].removesuffix(".")
        if command in BEFORE_ANY_CHANGE:
            raise BadConfiguration(
                f"Reading the dbt project in {self._folder}, as dbt {command} does: expected files and a database that"
                f" dbt can read, found: {found}. Mend what is named there; nothing was changed."
            )
        raise Unexpected(f"Running dbt {command}: {found}. Mend the project in {self._folder}.")


def refuse_what_macros_refused(message: str) -> None:
    """Raises BadConfiguration with the project's own words, from a macro that refused; they follow the model's line.

    They are a sentence, with its stop, as dbt's own words are not.
    """
    if message.startswith("Compilation Error") and (said := message.splitlines()[1].strip()).endswith("."):
        raise BadConfiguration(f"{said} Nothing was changed.")


def refuse_what_database_refused(result: NodeResult) -> None:
    """Raises BadConfiguration where a right or an object kept a view from being built, which reads no row."""
    lines = [line.strip() for line in result.message.splitlines()[1:2]]
    if result.message.startswith("Database Error") and lines and _OF_DATABASE.search(lines[0]):
        raise BadConfiguration(
            f"Building {result.name}: expected the database to allow it, found: {lines[0].removesuffix('.')}. "
            "Mend the rights of the role in PGUSER, or what is named there; nothing was changed."
        )


@contextmanager
def _environment(run_settings: Mapping[str, str]) -> Iterator[None]:
    """The run's settings as environment variables: --vars would make dbt parse the project anew for every run."""
    variables = {f"RETENTION_{name.upper()}": value for name, value in run_settings.items()}
    os.environ.update(variables)
    try:
        yield
    finally:  # emptied, not removed: Prefect's threads read the environment name by name
        os.environ.update(dict.fromkeys(variables, ""))


def node_results(results: Iterable[Any]) -> list[NodeResult]:
    """What dbt says of each node, in our words."""
    return [_node_result(result) for result in results]


def _node_result(result: Any) -> NodeResult:  # noqa: ANN401 - dbt's results have no common class
    tested = getattr(result.node, "attached_node", None)
    return NodeResult(
        name=result.node.name,
        tested=tested.rpartition(".")[2] if tested else None,
        status=str(result.status),
        failures=result.failures or 0,
        message=result.message or "",
    )
