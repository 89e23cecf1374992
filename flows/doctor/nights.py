"""What is checked of Prefect: that it answers, in which version, that somebody serves the schedule, and who is told."""

from collections.abc import Iterator
from typing import Any

import prefect
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName

from flows.alarm import AUTOMATION, load_block
from flows.doctor.findings import Finding, State, made
from flows.settings import require_prefect

_SERVE = "retention serve, or `prefect deploy --all` and a worker on the pool"


def examine(url: str | None) -> Iterator[Finding]:
    """The server, the deployments of the flow, and the block in ALARM_BLOCK."""
    if not url:
        found = "PREFECT_API_URL is not set: every run starts a server of its own, and no schedule is served"
        yield Finding(
            "Prefect", State.LOOK, found, "Set it to your server, or have something else start `retention run`"
        )
        return
    require_prefect()
    with get_client(sync_client=True) as client:
        yield _versions(client.api_version())
        named = FlowFilter(name=FlowFilterName(any_=["anonymize"]))
        deployments = client.read_deployments(flow_filter=named)
        yield from (_judged(deployment) for deployment in deployments)
        if not deployments:
            yield Finding("schedule", State.MEND, "no deployment of the flow anonymize", f"Serve one: {_SERVE}")
        yield from made("alarm", _alarm, client)


def _versions(served: str) -> Finding:
    found = f"server {served}, here {prefect.__version__}"
    if served.split(".")[:2] != prefect.__version__.split(".")[:2]:
        return Finding(
            "Prefect", State.LOOK, found, "Bring both to the same version: newer clients send what older servers refuse"
        )
    return Finding("Prefect", State.OK, found)


def _judged(deployment: Any) -> Finding:  # noqa: ANN401 - Prefect names its answers elsewhere in each version
    check = f"schedule {deployment.name}"
    schedules = [schedule.schedule for schedule in deployment.schedules if schedule.active]
    nightly = [schedule for schedule in schedules if getattr(schedule, "timezone", None) == "Europe/Paris"]
    if deployment.paused or not schedules:
        return Finding(
            check,
            State.MEND,
            "its schedule is paused, or it has none",
            f"prefect deployment schedule resume, or {_SERVE}",
        )
    if not nightly:
        return Finding(check, State.LOOK, "no schedule of it is in Europe/Paris", f"Deploy it anew: {_SERVE}")
    if str(getattr(deployment.status, "value", deployment.status)) != "READY":
        return Finding(
            check,
            State.MEND,
            "nobody serves it: no process or worker has asked for work for a minute",
            f"Start one: {_SERVE}",
        )
    return Finding(check, State.OK, f"served, {getattr(nightly[0], 'cron', nightly[0])} in Europe/Paris")


def _alarm(client: SyncPrefectClient) -> Iterator[Finding]:
    if load_block() is None:
        found = "ALARM_BLOCK is not set: nobody is told when a night fails"
        yield Finding("alarm", State.LOOK, found, "Name a notification block in it, then: retention alarm")
    elif not client.read_automations_by_name(AUTOMATION):
        yield Finding("alarm", State.LOOK, "no automation watches for a night that never began", "retention alarm")
    else:
        yield Finding("alarm", State.OK, "the block in ALARM_BLOCK is told of nights that fail or are late")
