"""Puts the dbt project into the wheel, below the package: `pip install` alone then suffices for `retention demo`.

In a checkout it stays where it is, beside the package, so that dbt can use it as a package by its path.
"""

import ast
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DbtProject(BuildHookInterface[Any]):
    """Adds the project's parts, but not to an editable install, which would keep an old copy of them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Names what goes where in the wheel."""
        root = Path(self.root)
        # Read, not imported: it needs what a build does not install.
        parts = ast.literal_eval(
            (root / "flows" / "parts.py").read_text().partition("\nPARTS = ")[2].partition("\n\n")[0]
        )
        if version == "standard":
            build_data["force_include"] |= {str(root / part): f"flows/dbt_project/{part}" for part in parts}
