"""The one door to dbt: the project's commands, run in this process."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from typing import Any

from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventLevel
from prefect_dbt import PrefectDbtRunner, PrefectDbtSettings

from flows.errors import BadConfiguration, Unexpected
from flows.settings import Settings

# The manifest was written by the first command of the run; writing it again takes as long as the work of a quiet night.
WRITE_NOTHING = "--no-write-json"


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
    def is_broken(self) -> bool:
        """Whether it could not be executed; a test that found something was executed."""
        return self.status in ("error", "runtime error", "skipped")


class DbtProject:
    """The dbt project with what one run fixed, by the macro run_setting's names."""

    def __init__(self, settings: Settings, run_settings: Mapping[str, str]) -> None:
        self._folder = settings.project_dir
        self._run_settings = run_settings

    @cached_property
    def _quiet(self) -> PrefectDbtRunner:
        return self._made_runner(is_quiet=True)

    @cached_property
    def _shown(self) -> PrefectDbtRunner:
        """A Prefect task for each node costs more than building a view or judging by it: acting alone is shown so."""
        return self._made_runner(is_quiet=False)

    def _made_runner(self, is_quiet: bool) -> PrefectDbtRunner:
        folder = self._folder
        settings = PrefectDbtSettings(project_dir=folder, profiles_dir=folder, log_level=EventLevel.WARN)
        return PrefectDbtRunner(
            settings=settings, raise_on_failure=False, disable_assets=True, _disable_callbacks=is_quiet
        )

    def look(self) -> list[NodeResult]:
        """Builds the seed and every view but those that act: no platform row changes."""
        arguments = ["--resource-type", "seed", "model", "function", "--exclude", "path:models/anonymized"]
        return self._results("build", arguments, self._quiet)

    def anonymize(self) -> list[NodeResult]:
        """Builds the views whose post-hooks anonymize."""
        return self._results("run", ["--select", "path:models/anonymized", WRITE_NOTHING], self._shown)

    def verify(self) -> list[NodeResult]:
        """Runs the data tests: one result a test."""
        return self._results("test", ["--exclude-resource-type", "unit_test", WRITE_NOTHING], self._quiet)

    def data_map_version(self) -> str:
        """SHA-256 of the data map that `look` read, each declared table and column with its meta, as canonical JSON."""
        manifest = json.loads((self._folder / "target" / "manifest.json").read_text(encoding="utf-8"))
        data_map = {
            source["name"]: {
                "meta": source["config"]["meta"],
                "columns": {name: column["config"]["meta"] for name, column in source["columns"].items()},
            }
            for source in manifest["sources"].values()
            if "key" in source["config"].get("meta", {})
        }
        text = json.dumps(data_map, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def compiled(self, model: str) -> str:
        """The SQL of one model with this project's settings; nothing is built."""
        return self._compiled(model, ["--select", model])

    def preparation(self) -> str:
        """The query of the macro prepare: the statements that the database lacks."""
        return self._compiled("prepare", ["--inline", "{{ retention.prepare() }}"])

    def _compiled(self, name: str, arguments: list[str]) -> str:
        # Not by Prefect's runner, which starts a server for itself where there is none.
        folder = str(self._folder)
        options = ["--project-dir", folder, "--profiles-dir", folder, "--log-level", "none", "--log-level-file", "warn"]
        with redirect_stdout(StringIO()):  # dbt prints what it compiled, whatever its log level
            results = self._invoke("compile", [*arguments, *options], dbtRunner())
        for result in results:
            refuse_what_macros_refused(result.message or "")
            if str(result.status) == "success":
                return str(result.node.compiled_code)
        raise Unexpected(f"Compiling {name}: expected SQL, found none. See logs/dbt.log in the project.")

    def _results(self, command: str, arguments: list[str], runner: PrefectDbtRunner) -> list[NodeResult]:
        return [_node_result(node) for node in self._invoke(command, arguments, runner)]

    def _invoke(self, command: str, arguments: list[str], runner: PrefectDbtRunner | dbtRunner) -> list[Any]:
        try:
            with _environment(self._run_settings):
                result = runner.invoke([command, *arguments, "--target", "nightly", "--no-use-colors"])
        except ValueError as error:
            refuse_what_macros_refused(str(error).partition("': ")[2])  # while dbt parsed
            raise Unexpected(f"Running dbt {command}: {error}. Mend the project in {self._folder}.") from None
        return list(getattr(result.result, "results", []))


def refuse_what_macros_refused(message: str) -> None:
    """Raises BadConfiguration with the project's own words, from a macro that refused; they follow the model's line."""
    if message.startswith("Compilation Error"):
        raise BadConfiguration(f"{message.splitlines()[1].strip()} Nothing was changed.")


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


def _node_result(result: Any) -> NodeResult:  # noqa: ANN401 - dbt's results have no common class
    tested = getattr(result.node, "attached_node", None)
    return NodeResult(
        name=result.node.name,
        tested=tested.rpartition(".")[2] if tested else None,
        status=str(result.status),
        failures=result.failures or 0,
        message=result.message or "",
    )
