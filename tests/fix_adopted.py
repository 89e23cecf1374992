"""Platforms that are adopted and worked on: each with its rows and files, and the folder where its project is to stand."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from adopted_platform import database_of
from conftest import empty_store
from world import World

MakePlatform = Callable[[str, Iterable[Path], Iterable[str]], AbstractContextManager[World]]


@pytest.fixture(scope="session")
def make_platform(
    postgres: dict[str, str], s3_server: dict[str, str], prefect_server: str, tmp_path_factory: pytest.TempPathFactory
) -> MakePlatform:
    """Makes a platform of a name by scripts, with files under these keys."""
    assert prefect_server

    @contextmanager
    def make(name: str, scripts: Iterable[Path], keys: Iterable[str]) -> Iterator[World]:
        project = tmp_path_factory.mktemp("adopted") / name
        variables = {**s3_server, "DBT_PROFILES_DIR": str(project)}
        database = f"{name}_run"
        with database_of(postgres, database, *(script.read_text() for script in scripts), **variables) as connection:
            world = World(connection, project, {**postgres, "PGDATABASE": database, **variables})
            empty_store()
            world.bucket("files")
            for key in keys:
                world.put(key)
            yield world

    return make
