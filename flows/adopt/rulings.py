"""What a person decided to replace in a table that was proposed to stay: when it is due, and for whom."""

from flows.adopt.adoption import Adoption
from flows.adopt.columns import Role
from flows.adopt.declared import Declared, Gap
from flows.adopt.owners import judge
from flows.adopt.proposals import TableProposal
from flows.adopt.sources import config_lines, table_meta


def rule(proposal: TableProposal, adoption: Adoption, declared: Declared) -> tuple[Gap, list[str]] | None:
    """The rule of a table of which a data map replaces something and says not when; None where it says so."""
    replaced, gap = declared.unruled.get((proposal.table.schema, proposal.table.name), (set(), None))
    if gap is None:
        return None
    for own in proposal.columns:
        own.meta = {"replacement": "empty"} if own.column.name in replaced else {"personal": False}
    # Of whoever wrote it, what it says may be of a customer: what a row names decides, else its age.
    proposal.role = Role.LOG if proposal.role == Role.STAFF else proposal.role
    judge(proposal, adoption.parts, adoption.links)
    proposal.questions = []
    return gap, config_lines(table_meta(proposal, adoption.environments), "")
