"""The settings: standard variables only, read here and nowhere else."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from socket import create_connection
from tempfile import gettempdir
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass, urlopen

from flows.errors import BadConfiguration
from flows.layout import FileLayout

# Both phone home unless told otherwise before they are imported; DO_NOT_TRACK does not silence Prefect.
os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
# The temporary server of a run without PREFECT_API_URL takes longer to start than its default allows.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

# Where a wheel has the dbt project; a checkout has it beside this package.
INSTALLED_PROJECT = Path(__file__).parent / "dbt_project"

DEFAULT_PORTS = {"http": 80, "https": 443}
SCHEMA_NAME = re.compile(r"[a-z_][a-z0-9_]{0,45}")
SCHEMA_OF_SERVER = re.compile(r"pg_.*|information_schema")
# What reports are written in; the first where nobody says otherwise.
LANGUAGES = ("en", "fr")
BLOCK_NAME = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
LONGEST_PURGE_DELAY = 366 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run needs to know besides libpq's and AWS's own variables, which their libraries read themselves.

    `purge_delay` is in seconds: files queued more recently stay for the next run. Files are in S3 or below
    `files_folder`, each where `file_layout` says. `reports` is the folder of the runs' reports, `reports_url` where a
    web server shows it, if one does, `language` what they are written in. `work_dir` is where dbt writes its parse
    (`target`) and its log (`logs`): the project's own folder, or where that is not ours to write, a cache.
    """

    project_dir: Path
    work_dir: Path
    platform_schema: str
    retention_schema: str
    purge_delay: float
    reports: Path
    files_folder: Path | None = None
    file_layout: FileLayout = field(default_factory=FileLayout)
    reports_url: str | None = None
    language: str = LANGUAGES[0]


def read_settings(project_dir: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Reads the settings; BadConfiguration names the variable that can't be read."""
    project = find_project(project_dir)
    platform_schema = _schema(environ, "PLATFORM_SCHEMA", "platform")
    retention_schema = _schema(environ, "RETENTION_SCHEMA", "retention")
    if retention_schema == platform_schema or SCHEMA_OF_SERVER.fullmatch(retention_schema):
        raise BadConfiguration(
            "Reading RETENTION_SCHEMA: expected a schema of its own, neither the platform's nor the server's, "
            f"found {retention_schema!r}. Set RETENTION_SCHEMA to another, or leave it out for 'retention'."
        )
    work_dir = _work_dir(project, environ)
    return Settings(
        project_dir=project,
        work_dir=work_dir,
        platform_schema=platform_schema,
        retention_schema=retention_schema,
        purge_delay=_seconds(environ, "PURGE_DELAY", "0"),
        files_folder=Path(folder) if (folder := environ.get("FILE_STORE_FOLDER")) else None,
        file_layout=FileLayout(environ.get("FILE_LAYOUT") or "{key}"),
        reports=work_dir / (environ.get("RETENTION_REPORTS") or "reports"),
        reports_url=environ.get("RETENTION_REPORTS_URL") or None,
        language=check_language(environ.get("RETENTION_LANGUAGE") or LANGUAGES[0], "RETENTION_LANGUAGE"),
    )


def engine_project() -> Path:
    """The folder of the product's own dbt project, which an adopter's project depends on."""
    beside = Path(__file__).parent.parent
    return (beside if (beside / "dbt_project.yml").is_file() else INSTALLED_PROJECT).resolve()


def check_language(language: str, setting: str) -> str:
    """The language as it is; BadConfiguration for one that no report is written in."""
    if language not in LANGUAGES:
        raise BadConfiguration(
            f"Reading {setting}: expected {' or '.join(LANGUAGES)}, found {language!r}. "
            f"Set {setting} to one of these, or leave it out."
        )
    return language


def find_project(project_dir: Path | None = None) -> Path:
    """The folder of the dbt project: the one given, the current one, or the one this package came with."""
    candidates = [project_dir] if project_dir else [Path.cwd(), Path(__file__).parent.parent, INSTALLED_PROJECT]
    for candidate in candidates:
        if (candidate / "dbt_project.yml").is_file():
            return candidate.resolve()
    raise BadConfiguration(
        f"Looking for the dbt project: expected dbt_project.yml in {candidates[0]}, found none. "
        "Run the command in the project's folder, or give --project-dir."
    )


def _work_dir(project: Path, environ: Mapping[str, str]) -> Path:
    if project != INSTALLED_PROJECT.resolve() and os.access(project, os.W_OK):
        return project
    cache = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or gettempdir()) / ".cache"
    return Path(cache) / "retention"


def alarm_block(environ: Mapping[str, str] = os.environ) -> str | None:
    """The type and name of the notification block that is told of nights that fail; None: nobody is told."""
    value = environ.get("ALARM_BLOCK") or None
    if value is not None and not BLOCK_NAME.fullmatch(value):
        raise BadConfiguration(
            "Reading ALARM_BLOCK: expected a block's type and name, such as slack-webhook/operators, "
            f"found {value!r}. `prefect block ls` shows both of each."
        )
    return value


def require_prefect(environ: Mapping[str, str] = os.environ) -> None:
    """Raises BadConfiguration where nobody listens at PREFECT_API_URL; behind a proxy that is not asked."""
    url = environ.get("PREFECT_API_URL")
    if not url:
        return
    address = urlsplit(url)
    if address.scheme in getproxies() and not proxy_bypass(address.hostname or ""):
        return
    if address.scheme in DEFAULT_PORTS and address.hostname:
        try:
            create_connection((address.hostname, address.port or DEFAULT_PORTS[address.scheme]), timeout=10).close()
        except (OSError, ValueError) as error:
            found = str(error)
        else:
            if not _knows_nothing_of_health(url):
                return
            found = "a server that has no /health there"
    else:
        found = "no address of the form http://host:port/api"
    raise BadConfiguration(
        f"Reaching Prefect at PREFECT_API_URL: expected a server, found {found}. "
        "Start it, or mend the address (it ends in /api). A run by hand does without the variable too, with a server "
        "of its own. Nothing was changed."
    )


def _knows_nothing_of_health(url: str) -> bool:
    """Whether something else than Prefect's API answers; silence, or a question who asks, is no sign of it."""
    try:
        with urlopen(f"{url.rstrip('/')}/health", timeout=10) as answer:  # noqa: S310 - the scheme was checked
            return bool(answer.headers.get_content_type() == "text/html")
    except HTTPError as error:
        return error.code == HTTPStatus.NOT_FOUND
    except (OSError, HTTPException):
        return False


def _schema(environ: Mapping[str, str], name: str, default: str) -> str:
    value = environ.get(name, default)
    if not SCHEMA_NAME.fullmatch(value):
        raise BadConfiguration(
            f"Reading {name}: expected a schema's name in small letters, digits and underscores, at most 46 of them, "
            f"found {value!r}. Set {name} to such a name, or leave it out for {default!r}."
        )
    return value


def _seconds(environ: Mapping[str, str], name: str, default: str) -> float:
    value = environ.get(name, default)
    seconds = float(value) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) else -1.0
    if not 0 <= seconds <= LONGEST_PURGE_DELAY:
        raise BadConfiguration(
            f"Reading {name}: expected a number of seconds from 0 to a year's, found {value!r}. Mend {name}."
        )
    return seconds
