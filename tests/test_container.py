"""Containerfile and compose.yaml, read without a container: what they name is there, and is what the project is locked to."""

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from flows.parts import PARTS

ROOT = Path(__file__).parent.parent
CONTAINERFILE = (ROOT / "Containerfile").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]

# What the wheel is built from: hatchling reads the first four, its hook the parts.
OF_THE_BUILD = ("pyproject.toml", "README.md", "LICENSE", "hatch_build.py", "uv.lock", "flows", *PARTS)


def locked(package: str) -> str:
    return next(p for p in tomllib.loads((ROOT / "uv.lock").read_text())["package"] if p["name"] == package)["version"]


def is_sent(path: str) -> bool:
    """Whether a file goes to the build, as .dockerignore says, which podman reads too: the last pattern decides."""
    sent = True
    parents = [path, *map(str, Path(path).parents)][:-1]
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and any(_fits(each, pattern) for each in parents):
            sent = line.startswith("!")
    return sent


def _fits(path: str, pattern: str) -> bool:
    anywhere = pattern.removeprefix("**/")
    return fnmatch(Path(path).name, anywhere) if anywhere != pattern else fnmatch(path, pattern)


def test_both_stages_stand_on_one_python_that_the_project_supports() -> None:
    (image,) = set(re.findall(r"^FROM docker\.io/library/python:(\d+\.\d+)-slim", CONTAINERFILE, re.MULTILINE))
    assert CONTAINERFILE.count("\nFROM ") == 2
    assert SpecifierSet(PROJECT["project"]["requires-python"]).contains(f"{image}.0")


def test_the_image_is_built_by_the_uv_that_the_makefile_installs() -> None:
    (version,) = re.findall(r"^UV_VERSION = (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert f"pip install --no-cache-dir uv=={version}\n" in CONTAINERFILE


def test_the_image_has_what_is_locked_for_a_night_and_no_group_of_the_developers() -> None:
    assert {"dev", "docs"} <= set(PROJECT["tool"]["uv"]["default-groups"])
    assert "uv sync --locked --no-default-groups --no-editable" in CONTAINERFILE


def test_the_image_runs_as_a_user_without_rights_under_a_first_process_that_passes_signals_on() -> None:
    user = re.search(r"^USER (\d+)$", CONTAINERFILE, re.MULTILINE)
    assert user is not None
    assert f"useradd --uid {user[1]} " in CONTAINERFILE
    assert 'ENTRYPOINT ["tini", "--"]\n' in CONTAINERFILE
    assert CONTAINERFILE.endswith('CMD ["retention", "serve"]\n')


@pytest.mark.parametrize("name", OF_THE_BUILD)
def test_what_the_wheel_is_made_of_goes_to_the_build(name: str) -> None:
    files = [path for path in (ROOT / name).rglob("*") if path.is_file()] or [ROOT / name]
    kept = [path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts]
    assert kept
    assert all(map(is_sent, kept))


@pytest.mark.parametrize(
    "path",
    [
        ".git/config", ".venv/bin/python", ".venv-wheel/pyvenv.cfg", ".uv/bin/uv", "logs/dbt.log", "target/manifest.json",
        "reports/run-1.en.html", "site/index.html", "dist/a.whl", "nights.env", ".env", "flows/nights.env", "tests/world.py",
        "examples/minimal/target/manifest.json", "flows/__pycache__/cli.cpython-313.pyc", "bench/load.py", "my-retention/seeds/a.csv",
    ],
)  # fmt: skip
def test_nothing_else_of_the_folder_goes_to_the_build(path: str) -> None:
    assert not is_sent(path)


def test_there_is_one_list_of_what_goes_to_the_build() -> None:
    """Podman would read a .containerignore instead."""
    assert not (ROOT / ".containerignore").exists()


def test_prefect_of_the_compose_file_is_the_one_that_is_locked_on_the_image_s_python() -> None:
    (image,) = set(re.findall(r"python:(\d+\.\d+)-slim", CONTAINERFILE))
    assert SERVICES["prefect"]["image"] == f"docker.io/prefecthq/prefect:{locked('prefect')}-python{image}"


def test_what_the_compose_file_mounts_is_there() -> None:
    mounts = [volume.split(":") for service in SERVICES.values() for volume in service.get("volumes", [])]
    files = [source for source, *_ in mounts if source.startswith("./")]
    assert len(files) == 2
    assert all((ROOT / source).is_file() for source in files)
    # From 18 on the image keeps its data below this folder; a volume at its `data` would be refused.
    assert "database:/var/lib/postgresql" in SERVICES["database"]["volumes"]
    assert SERVICES["database"]["image"].partition(":")[2] >= "18"


def test_the_platform_of_the_compose_file_is_in_the_schema_that_a_night_looks_for() -> None:
    first = (ROOT / "examples" / "compose" / "platform.sql").read_text()
    included = re.search(r"^\\i (\S+)$", first, re.MULTILINE)
    assert included is not None
    assert any(volume.split(":")[1] == included[1] for volume in SERVICES["database"]["volumes"])
    assert first.index("create schema platform;") < first.index("set search_path = platform;") < included.start()


def test_the_nights_ask_for_the_servers_by_the_names_and_passwords_that_they_have() -> None:
    nights, database, store = (SERVICES[name]["environment"] for name in ("nights", "database", "store"))
    assert nights["PGHOST"] in SERVICES
    assert [nights[name] for name in ("PGUSER", "PGPASSWORD", "PGDATABASE")] == [
        database[name] for name in ("POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB")
    ]
    assert nights["AWS_ACCESS_KEY_ID"] == store["MINIO_ROOT_USER"]
    assert nights["AWS_SECRET_ACCESS_KEY"] == store["MINIO_ROOT_PASSWORD"]
    hosts = {re.match(r"http://(\w+):\d+", nights[name]) for name in ("AWS_ENDPOINT_URL_S3", "PREFECT_API_URL")}
    assert {host[1] for host in hosts if host} == {"store", "prefect"}


def test_the_database_is_ready_only_once_its_platform_is_loaded() -> None:
    """While it loads, the image's server answers on the socket alone, where pg_isready asks unless it is given a host."""
    assert "--host=127.0.0.1" in SERVICES["database"]["healthcheck"]["test"]


def test_no_argument_of_a_health_check_has_a_blank() -> None:
    """Podman 4 parts it there where Docker's Compose starts the containers."""
    checks = [service["healthcheck"]["test"] for service in SERVICES.values() if "healthcheck" in service]
    assert len(checks) == 3
    assert not any(" " in argument for check in checks for argument in check)
