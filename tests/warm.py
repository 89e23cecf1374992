"""Preloaded by the server that forks commands: what they import, imported once, and dbt's classes built by one parse."""

import os
import tempfile

os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")  # as `retention` sets it at its start

from pathlib import Path

import quick_runs  # noqa: F401
from dbt.cli.main import dbtRunner
from project_copy import copy_project

import flows.anonymize
import flows.cli
import flows.forecast
import flows.prepare
import flows.status  # noqa: F401

with tempfile.TemporaryDirectory(prefix="warm-") as folder:
    project_dir = str(copy_project(Path(folder)))
    names = dict.fromkeys(("PGHOST", "PGUSER", "PGDATABASE"), "nobody")  # a parse asks no database
    os.environ.update(names)
    # Not with the static parser, whose threads, once started, are missing in every fork, which then waits for them.
    dbtRunner().invoke(
        ["--quiet", "--no-static-parser", "parse", "--project-dir", project_dir, "--profiles-dir", project_dir]
    )
