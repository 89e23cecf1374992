"""A copy of the dbt project, for one test to change."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = (
    "dbt_project.yml",
    "profiles.yml",
    "models",
    "macros",
    "seeds",
    "tests/generic",
    "functions",
)


def copy_project(target: Path) -> Path:
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        elif source.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    return target
