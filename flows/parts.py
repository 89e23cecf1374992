"""The dbt project as a set of files: where a copy of it is made, and of what."""

import shutil
from pathlib import Path

from flows.errors import BadConfiguration
from flows.settings import find_project

PARTS = (
    "dbt_project.yml",
    "profiles.yml",
    "prefect.yaml",
    "models",
    "macros",
    "functions",
    "seeds",
    "tests/generic",
)


def copy_project(target: Path) -> int:
    """Copies the project into a folder that is empty or missing; the number of files. BadConfiguration for another."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BadConfiguration(
            f"Copying the dbt project to {target}: expected a folder that is empty or not there yet, found something "
            "in it. Name another; nothing was written."
        )
    project = find_project()
    try:
        target.mkdir(parents=True, exist_ok=True)
        (target / PARTS[0]).touch()
    except OSError as error:
        raise BadConfiguration(
            f"Copying the dbt project to {target}: expected a folder that this user may write, found: "
            f"{error.strerror}. Mend the folder's rights, or name another; nothing was written."
        ) from None
    for part in PARTS:
        source = project / part
        if source.is_dir():
            shutil.copytree(source, target / part)
        elif source.is_file():
            shutil.copyfile(source, target / part)
    return sum(path.is_file() for path in target.rglob("*"))
