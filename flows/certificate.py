"""Proof of one run for a third party: the ledger's chain as JSON, what the run stood on, and its report as a page.

`docs/check_certificate.py` checks both with Python's standard library alone. A chain shows that its runs are as they
were written; that nobody wrote it anew is shown by a hash that was noted elsewhere.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.chain import content_of, digest, verify
from flows.database import Database, Row
from flows.errors import Alarm, BadConfiguration
from flows.page.figures import Figures, read_figures
from flows.page.writing import Proof, render, write_file
from flows.settings import Settings

# Of the chain, how many runs the page shows; the JSON has all.
RUNS_SHOWN = 90


@dataclass(frozen=True, slots=True)
class Certificate:
    """The two files of a certificate."""

    json: Path
    page: Path


def write_certificate(
    database: Database, settings: Settings, run_id: int | None, since: int | None = None
) -> Certificate:
    """Writes both files into the folder of the reports; Alarm where the ledger does not hold, and nothing is written.

    Of the newest run for None. Each language has its own pair, since the JSON names its page.
    The chain begins with the first run, or with `since`.
    """
    figures = read_figures(database, run_id)
    run_id = int(figures.run["run_id"])
    verdict = verify(database)
    if verdict.break_found:
        raise Alarm(
            f"Certifying run {run_id}: expected a ledger in which every run is as it was written, found that "
            f"{verdict.break_found} Nothing was written; see `retention ledger verify`."
        )
    runs = [run for run in database.rows("finished_runs") if run["run_id"] >= min(since or 0, run_id)]
    documents = _documents(figures)
    stem = f"run-{run_id}.certificate.{settings.language}"
    shown = [run for run in runs if run["run_id"] == run_id or run in runs[-RUNS_SHOWN:]]
    proof = Proof(f"{stem}.json", len(runs), [(run["run_id"], run["hash"]) for run in reversed(shown)])
    page = render(figures, settings.language, proof)
    name = f"{stem}.html"
    content = _content(database, run_id, runs, documents, {"name": name, "sha256": digest(page)})
    return Certificate(
        write_file(settings.reports / f"{stem}.json", content), write_file(settings.reports / name, page)
    )


def _documents(figures: Figures) -> dict[str, str]:
    """The texts that the run names, by their hash."""
    run = figures.run
    named = {run["data_map_version"]: run["data_map"], run["rules_version"]: run["rules"]}
    documents = {version: text for version, text in named.items() if version is not None}
    if any(text is None for text in documents.values()):
        raise BadConfiguration(
            f"Certifying run {run['run_id']}: expected the texts that it stood on in the ledger, found none of "
            f"them: version {run['product_version']} of the product kept only their hash. Certify a later run."
        )
    return documents


def _content(
    database: Database, run_id: int, runs: Sequence[Row], documents: dict[str, str], page: dict[str, str]
) -> str:
    """One line a run, each with the very text that was hashed."""
    texts = [content_of(database, run["run_id"], run["previous_hash"]) for run in runs]
    chain = ",\n".join(f'{{"hash":"{run["hash"]}","content":{text}}}' for run, text in zip(runs, texts, strict=True))
    rest = f'"documents":{json.dumps(documents)},\n"page":{json.dumps(page)}'
    return f'{{"certificate_of_run":{run_id},\n"chain":[\n{chain}\n],\n{rest}}}\n'
