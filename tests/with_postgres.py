"""Runs a command beside an embedded PostgreSQL that is gone afterwards: dbt compiles models against a database only."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from flows.demo.embedded import embedded_postgres

with (
    tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder,
    embedded_postgres(Path(folder) / "pg") as variables,
):
    code = subprocess.run(sys.argv[1:], env={**os.environ, **variables}, check=False).returncode
sys.exit(code)
