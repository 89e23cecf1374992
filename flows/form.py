"""The flow's parameters as Prefect's deployment page asks for them: what may be given is said there, and checked there.

Whatever else arrives is refused by the run itself, in its own words.
"""

from typing import Annotated, Any

from pydantic import WithJsonSchema

from flows.lanes import MOST_LANES
from flows.maintenance import LEVELS


def _or_nothing(**schema: Any) -> WithJsonSchema:  # noqa: ANN401 - JSON Schema's own words
    return WithJsonSchema({"anyOf": [schema, {"type": "null"}]})


AsOf = Annotated[str | None, _or_nothing(type="string", format="date-time")]
Environments = Annotated[
    list[str] | None, _or_nothing(type="array", items={"type": "string", "minLength": 1}, minItems=1, uniqueItems=True)
]
Residue = Annotated[str | None, _or_nothing(type="string", enum=list(LEVELS))]
Lanes = Annotated[int | None, _or_nothing(type="integer", minimum=1, maximum=MOST_LANES)]
Budget = Annotated[
    str | None, _or_nothing(type="string", pattern="^([0-9]{1,3}h)?([0-9]{1,5}m)?([0-9]{1,6}s)?$", minLength=2)
]
