"""Who is told when a night fails or is not finished by 04:00: a notification block of Prefect's, named in ALARM_BLOCK.

Only words of our own are passed on: an error of somebody else's may quote a row.
"""

import asyncio
from datetime import timedelta
from inspect import iscoroutine
from typing import Any, cast
from uuid import UUID

import prefect.blocks.notifications  # noqa: F401 - so that Prefect knows the blocks it comes with
from prefect.automations import Automation, EventTrigger, Posture, SendNotification
from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.client.orchestration import get_client

from flows.account import name_of
from flows.errors import BadConfiguration, RetentionError
from flows.settings import alarm_block

AUTOMATION = "retention: a night is not finished by 04:00"
# From 02:00 on, when the schedule starts a run, or when Prefect finds it late.
PATIENCE = timedelta(hours=2)

_BODY = (
    "The run {{ flow_run.name }} began or was due two hours ago and is not finished. Nothing is lost: the next run "
    "makes it up. See whether a worker or `retention serve` is up, and what `retention status` and `doctor` say."
)


def load_block() -> NotificationBlock | None:
    """The block that ALARM_BLOCK names; None where it names none, BadConfiguration where Prefect has no such block."""
    name = alarm_block()
    if name is None:
        return None
    try:
        block = Block.load(name)
    except Exception as error:  # noqa: BLE001 - by whatever Prefect says of it, there is no such block
        raise _refusal(name, f"none that can be loaded ({type(error).__name__})") from None
    if not isinstance(block, NotificationBlock):
        raise _refusal(name, "a block that does not notify")
    return block


def keep_alarm(patience: timedelta = PATIENCE) -> str:
    """Makes Prefect's automation, or renews it; its name. It watches every deployment that is tagged `retention`.

    A run that failed has been told of by itself; one that crashed, that no worker took, or that hangs has not.
    """
    block = load_block()
    if block is None:
        raise BadConfiguration(
            "Setting up the alarm: expected the name of a notification block in ALARM_BLOCK, found none. Make a block "
            "in Prefect, and set ALARM_BLOCK to its type and name, such as slack-webhook/operators."
        )
    trigger = EventTrigger(
        match_related={"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.retention"},
        after={"prefect.flow-run.Late", "prefect.flow-run.Pending", "prefect.flow-run.Running"},
        expect={"prefect.flow-run.Completed", "prefect.flow-run.Failed"},
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=patience,
    )
    action = SendNotification(block_document_id=cast("UUID", block._block_document_id), subject=AUTOMATION, body=_BODY)  # noqa: SLF001 - Prefect's only name for it
    automation = Automation(
        name=AUTOMATION, description="Kept by `retention alarm`.", trigger=trigger, actions=[action]
    )
    with get_client(sync_client=True) as client:
        known = client.read_automations_by_name(AUTOMATION)
    if known:
        automation.id = known[0].id
        automation.update()
    else:
        automation.create()
    return AUTOMATION


def tell(flow: Any, flow_run: Any, state: Any) -> None:  # noqa: ANN401, ARG001 - as Prefect calls its hooks
    """Hook of a flow that failed or crashed: tells the block what happened, in our words."""
    block = load_block()
    if block is None:
        return
    error = state.result(raise_on_failure=False)
    said = str(error) if isinstance(error, RetentionError) else f"{state.name}: {name_of(error)}."
    told: object = block.notify(f"{flow_run.name}: {said}", f"retention: {flow_run.name} did not end as done")
    if iscoroutine(told):  # Prefect's own blocks have notified by now
        asyncio.run(told)


def _refusal(name: str, found: str) -> BadConfiguration:
    return BadConfiguration(
        f"Reading ALARM_BLOCK: expected a notification block of Prefect's, found {name!r}, {found}. "
        "`prefect block ls` shows type and name of each; set ALARM_BLOCK to them, or leave it out to tell nobody."
    )
