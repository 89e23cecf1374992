"""dbt asks the whole stack, frame by frame and source by source, who defines each of its behaviour flags: a tenth of a run.

Nobody reads the answer. Here it is given without asking.
"""

from dbt_common.behavior_flags import BehaviorFlagRendered

BehaviorFlagRendered._default_source = staticmethod(lambda: "not asked")  # noqa: SLF001
