"""What a run waits for without use to a test: dbt's answers that nobody reads, and the end of Prefect's heartbeat.

dbt asks the whole stack, frame by frame and source by source, who defines each of its behaviour flags: a tenth of a run. The
thread that tells Prefect's server that a flow is alive looks once a second whether it has ended.
"""

from dbt_common.behavior_flags import BehaviorFlagRendered
from prefect.flow_engine import BaseFlowRunEngine

BehaviorFlagRendered._default_source = staticmethod(lambda: "not asked")  # noqa: SLF001
BaseFlowRunEngine.heartbeat_seconds = None
