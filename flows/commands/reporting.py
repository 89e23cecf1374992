"""A run's report, and proof of it for a third party: `report`, `certificate`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

import typer

from flows.commands.terminal import AsJson, ProjectDir, print_json
from flows.database import Database
from flows.errors import BadConfiguration
from flows.settings import Settings, check_language, read_settings

Number = Annotated[
    int | None, typer.Argument(help="The run's number, as `retention runs` lists it; default: the newest finished run.")
]
Language = Annotated[str | None, typer.Option(help="en or fr; default: RETENTION_LANGUAGE, or en.")]


def report(
    run: Number = None,
    language: Language = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Write a run's report again, from the ledger alone; print where it is."""
    from flows.page.writing import write_page

    settings = _settings(project_dir, language)
    with Database.connect(settings.retention_schema) as database, _writing(settings):
        page = write_page(database, settings, run)
    if as_json:
        print_json({"report": str(page)})
    else:
        typer.echo(page)


def certificate(
    run: Number = None,
    language: Language = None,
    since: Annotated[int | None, typer.Option(help="Where the chain begins; default: with the first run.")] = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Write proof of one run, a JSON and a page, that docs/check_certificate.py checks without anything of ours."""
    from flows.certificate import write_certificate
    from flows.status import require_views

    settings = _settings(project_dir, language)
    with Database.connect(settings.retention_schema) as database, _writing(settings):
        require_views(database, settings.retention_schema)
        written = write_certificate(database, settings, run, since)
    if as_json:
        print_json({"certificate": str(written.json), "page": str(written.page)})
    else:
        typer.echo(written.json)
        typer.echo(written.page)


@contextmanager
def _writing(settings: Settings) -> Iterator[None]:
    """BadConfiguration where the folder of the reports can't be written."""
    try:
        yield
    except OSError as error:
        raise BadConfiguration(
            f"Writing to {settings.reports}: expected a folder that this user may write, found: "
            f"{error.strerror or type(error).__name__}. Mend it, or set RETENTION_REPORTS to another."
        ) from None


def _settings(project_dir: ProjectDir, language: str | None) -> Settings:
    settings = read_settings(project_dir)
    return replace(settings, language=check_language(language, "--language")) if language else settings
