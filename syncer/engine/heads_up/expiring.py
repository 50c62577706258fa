"""The end of a proposal's time: it lapses, or what was proposed applies, as its rule says."""

from msgspec.structs import replace

from syncer.engine.context import Context
from syncer.engine.decided import Notebook
from syncer.engine.heads_up.answering import Grant, accept, end
from syncer.engine.heads_up.overdue import overdue
from syncer.model.decisions import Closing
from syncer.model.records import ProposalStatus
from syncer.model.rules import Expiry

RAN_OUT = "nobody answered in time"


def expire(ctx: Context, notebook: Notebook) -> None:
    """End what nobody answered in time, unless an edit or an answer of this cycle did."""
    for proposal in overdue(ctx, notebook.still_open()):
        rule = ctx.config.ownership.rules[(proposal.entity, proposal.field)]
        late = replace(proposal, reason=RAN_OUT)
        if (
            rule.on_expiry is Expiry.APPLY
            and proposal.field not in ctx.config.ownership.confidential
        ):
            accept(notebook, rule, Grant(late, None, None, ctx.now, proposal.connection))
        else:
            end(notebook, rule, Closing(late, ProposalStatus.LAPSED))
            notebook.decided.waiting = True
