"""What `retention demo` shows: one platform before and after a night, and that a second run changes nothing."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table

from flows.demo.connector import retrieve
from flows.demo.evidence import STATISTICS, Evidence, changed_rows, wrongly_changed_rows
from flows.demo.platform import create_platform, fill_platform
from flows.demo.scene import Scene, scene

GENERIC_PICTURE_URL = "https://static.example.com/generic-profile.png"  # as dbt_project.yml has it

DUE_MESSAGE = """
    select message_id, environment_id, direction, network_id, url, left(replace(content, chr(10), ' '), 40) as content,
           created_at::date as created_on, anonymized_on
    from platform.messages
    where environment_id = 1 and direction = 'inbound' and anonymized_on is null and length(content) between 30 and 90
    order by created_at limit 1
"""
DUE_USER = """
    select user_id, environment_id, network_id, first_name, last_name, pseudonyms, picture_url,
           created_at::date as created_on, anonymized_on
    from platform.users u
    where picture_key is not null and not exists (
        select 1 from platform.messages m where m.user_id = u.user_id and m.created_at > now() - interval '40 months'
    )
    order by created_at limit 1
"""


def tell(console: Console) -> int:
    """Plays the demo; 0 when everything it promises holds, else 1."""
    began = time.monotonic()
    console.print("Building a messaging platform in a real PostgreSQL and an S3, both here and gone afterwards …")
    with scene() as stage:
        create_platform(stage.connection)
        totals = fill_platform(
            stage.connection, stage.s3, as_of=datetime.now(UTC), generic_picture_url=GENERIC_PICTURE_URL
        )
        console.print(
            f"{totals.environments} companies keep data for 24, 12 and 36 months: {totals.users:,} users, "
            f"{totals.messages:,} messages, {totals.files:,} files. All of it is made up.\n"
        )
        holds = _night(stage, console)
    console.print(f"\nThat took {time.monotonic() - began:.0f} seconds. ", end="")
    console.print("Every promise held." if holds else "NOT every promise held: see the lines marked FAILED.")
    return 0 if holds else 1


def _night(stage: Scene, console: Console) -> bool:
    message, user = _one(stage, DUE_MESSAGE), _one(stage, DUE_USER)
    before = Evidence.gather(stage.connection, stage.s3)
    stage.prefect.wait()
    console.print("The night's run: retention run --approve-all")
    outcome = _run(stage, console)
    after = Evidence.gather(stage.connection, stage.s3)
    _show(stage, console, "message", message)
    _show(stage, console, "user", user)
    console.print("Statistics, every group of them compared:")
    results = [
        _check(console, f"{name}: {before.total(name):,} before, {after.total(name):,} after", same)
        for name in STATISTICS
        for same in [before.statistics[name] == after.statistics[name]]
    ]
    left = sum(count for file, count in after.versions.items() if file not in after.named_files)
    generic_left = after.version_count - left
    results += [
        _check(console, f"rows changed: {len(changed_rows(before, after)):,}, none but due ones",
               not wrongly_changed_rows(before, after)),
        _check(console, f"versions in S3: {before.version_count:,} before, {after.version_count:,} after; every file "
               f"that a row names is there ({generic_left:,})", after.named_files <= after.versions.keys()),
        _check(console, "files that no row names any more: none left", _unnamed(before, after) == 0),
    ]  # fmt: skip
    console.print("\nThe same run again:")
    again = _run(stage, console)
    last = Evidence.gather(stage.connection, stage.s3)
    results.append(
        _check(
            console, "not one byte of the platform changed", (last.rows, last.versions) == (after.rows, after.versions)
        )
    )
    results += _retrieval(stage, console)
    return outcome == again == "done" and all(results)


def _retrieval(stage: Scene, console: Console) -> list[bool]:
    console.print("\nA connector retrieves earlier messages, asking may_retrieve first:")
    done = retrieve(stage.connection)
    months = 24
    return [
        _check(
            console,
            f"a private message arrives in an old conversation: of {done.offered} earlier ones {done.imported} are "
            f"imported, none older than {months} months",
            0 < done.imported < done.offered and done.oldest > datetime.now(UTC) - timedelta(days=months * 30.5),
        ),
        _check(
            console,
            f"a comment under a public post of three years ago: the post is imported, due on {done.post_due_on}",
            done.post_due_on is not None,
        ),
    ]


def _unnamed(before: Evidence, after: Evidence) -> int:
    """Files that a row named before the run, that none names now, and that are still there."""
    return len((before.named_files - after.named_files) & after.versions.keys())


def _run(stage: Scene, console: Console) -> str:
    from flows.anonymize import anonymize
    from flows.errors import RetentionError
    from flows.report import print_summary

    try:
        summary: Any = anonymize(approve_all=True, project_dir=stage.project_dir)
    except RetentionError as error:
        summary = error.summary
        if summary is None:
            raise
    print_summary(replace(summary, report=None), console)  # its page goes with the scene
    return str(summary.outcome)


def _one(stage: Scene, query: str) -> dict[str, Any]:
    cursor = stage.connection.execute(query.encode())
    names = [column.name for column in cursor.description or ()]
    return dict(zip(names, cursor.fetchone() or (), strict=True))


def _show(stage: Scene, console: Console, what: str, before: dict[str, Any]) -> None:
    key = before[f"{what}_id"]
    query = (
        f"select {', '.join(name if name != 'created_on' else 'created_at::date as created_on' for name in before)} "
    )
    after = _one(stage, f"{query} from platform.{what}s where {what}_id = {int(key)}")
    table = Table(f"one {what}", "before", "after", box=None, pad_edge=False, header_style="")
    for name, value in before.items():
        table.add_row(name, _shown(value), _shown(after[name]))
    console.print()
    console.print(table)
    console.print()


def _shown(value: object) -> str:
    return "" if value is None else "''" if value == "" else str(value)


def _check(console: Console, sentence: str, holds: bool) -> bool:
    console.print(f"  {'ok    ' if holds else 'FAILED'} {sentence}", highlight=False, soft_wrap=True)
    return holds
