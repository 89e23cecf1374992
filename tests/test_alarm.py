"""Who is told: a notification block of Prefect's is, in our own words, when a run fails; and the page that asks for parameters."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectHTTPStatusError

from flows.alarm import AUTOMATION, PATIENCE, keep_alarm, load_block
from flows.anonymize import anonymize
from flows.errors import BadConfiguration

pytestmark = pytest.mark.xdist_group("alarm")


class Board(BaseHTTPRequestHandler):
    """A web server of the operators', on which every alarm is pinned."""

    pinned: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        self.pinned.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def board_with_block(name: str) -> Iterator[list[dict[str, str]]]:
    """The board, and the block in Prefect that pins to it, named in ALARM_BLOCK."""
    Board.pinned.clear()
    with HTTPServer(("127.0.0.1", 0), Board) as board, pytest.MonkeyPatch.context() as patch:
        threading.Thread(target=board.serve_forever, args=(0.02,), daemon=True).start()
        block = CustomWebhookNotificationBlock(
            name="board",
            url=f"http://127.0.0.1:{board.server_port}",
            json_data={"title": "{{subject}}", "text": "{{body}}"},
        )
        block.save(name, overwrite=True)
        patch.setenv("ALARM_BLOCK", f"custom-webhook/{name}")
        yield Board.pinned
        board.shutdown()


@pytest.fixture
def board(prefect_server: str) -> Iterator[list[dict[str, str]]]:
    assert prefect_server
    with board_with_block("operators") as pinned:
        yield pinned


def test_a_run_that_fails_is_told_in_our_own_words(board: list[dict[str, str]], tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration) as refusal:
        anonymize(project_dir=tmp_path)
    (told,) = board
    assert told["title"].startswith("retention: anonymize 20")
    assert told["title"].endswith(" did not end as done")
    assert told["text"].endswith(f": {refusal.value}")


def test_what_somebody_elses_error_says_is_kept_back(
    board: list[dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quote_a_row(*_: object) -> None:
        raise ValueError("Key (first_name)=(Canary-3141) already exists")

    monkeypatch.setattr("flows.anonymize.read_settings", quote_a_row)
    with pytest.raises(ValueError, match="Canary"):
        anonymize(project_dir=tmp_path)
    (told,) = board
    assert "Canary" not in str(told)
    assert told["text"].endswith("Failed: ValueError.")


def test_nobody_is_told_where_no_block_is_named(
    board: list[dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALARM_BLOCK")
    with pytest.raises(BadConfiguration):
        anonymize(project_dir=tmp_path)
    assert board == []
    with pytest.raises(BadConfiguration, match="expected the name of a notification block in ALARM_BLOCK, found none"):
        keep_alarm()


@pytest.mark.parametrize("name", ["operators", "custom-webhook/nobody-has-it", "Slack Webhook/x"])
def test_a_block_that_prefect_does_not_have_is_refused(
    board: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("ALARM_BLOCK", name)
    with pytest.raises(BadConfiguration, match=r"Reading ALARM_BLOCK: expected .*prefect block ls"):
        load_block()


def test_w1_one_automation_watches_for_a_night_that_is_not_finished_by_4(board: list[dict[str, str]]) -> None:
    """Made once and renewed afterwards; two hours from the planned 02:00 on, whatever day the clocks change."""
    assert keep_alarm() == keep_alarm() == AUTOMATION
    with get_client(sync_client=True) as client:
        (automation,) = client.read_automations_by_name(AUTOMATION)
        client.delete_automation(automation.id)
    assert automation.enabled
    assert (automation.trigger.posture.value, automation.trigger.within) == ("Proactive", PATIENCE)
    assert "prefect.flow-run.Late" in automation.trigger.after
    assert automation.trigger.match_related["prefect.resource.id"] == ["prefect.tag.retention"]
    (action,) = automation.actions
    assert action.type == "send-notification"


def test_the_deployment_page_is_a_form_that_says_and_checks_what_may_be_given(prefect_server: str) -> None:
    assert prefect_server
    deployment = anonymize.to_deployment("form", tags=["retention"], enforce_parameter_schema=True)
    shown = anonymize.parameters.properties
    assert list(shown) == [
        "as_of", "environments", "dry_run", "approve_all", "project_dir", "residue", "lanes", "budget",
    ]  # fmt: skip
    assert all(parameter["description"].strip().endswith((".", ":")) for parameter in shown.values())
    assert shown["residue"]["anyOf"][0]["enum"] == ["statistics", "vacuumed", "rewritten"]
    deployment_id = deployment.apply()
    with get_client(sync_client=True) as client:
        try:
            for wrong in ({"lanes": 65}, {"residue": "shredded"}, {"environments": []}, {"budget": "two hours"}):
                with pytest.raises(PrefectHTTPStatusError, match=r"409|422"):
                    client.create_flow_run_from_deployment(deployment_id, parameters=wrong)
            right = {
                "lanes": 2,
                "residue": "vacuumed",
                "environments": ["12"],
                "budget": "1h30m",
                "as_of": "2026-11-01T02:00",
            }
            assert client.create_flow_run_from_deployment(deployment_id, parameters=right).parameters == right
        finally:
            client.delete_deployment(deployment_id)
