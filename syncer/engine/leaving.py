"""Twins that leave what is kept in step, and come back: unlinked, never deleted or archived."""

from collections.abc import Mapping

from msgspec.structs import replace

from syncer.engine.cases import Case, Gathered, Twin
from syncer.engine.context import Context
from syncer.engine.decided import Notebook
from syncer.engine.siblings import count_siblings
from syncer.model.entities import PRESENT
from syncer.model.records import Link, LinkStatus
from syncer.model.remote import RemoteRecord
from syncer.model.texts import CONDITION, MERGED, MOVED
from syncer.reconcile.leaving import Leaving

_SAID: Mapping[str, str] = {
    MOVED: "moved out of what is synced",
    CONDITION: "its mapping's `when` no longer holds",
    MERGED: "it was merged into another one",
}

LINK = "link"
"""Kind of the journal's lines about links; ``UNLINKED`` and ``BACK`` are their outcomes here."""

UNLINKED, BACK = "unlinked", "linked again"


def note_links(ctx: Context, case: Case, notebook: Notebook) -> None:
    """Note which twins a record has gained and lost; unlink what is no longer in scope."""
    decided = notebook.decided
    if case.new:
        places = ", ".join(sorted(case.twins))
        notebook.note("first_contact", None, f"first seen in {places}", outcome="met")
    decided.linked = frozenset(c for c, twin in case.twins.items() if _linked(twin))
    for connection, twin in case.twins.items():
        if twin.was is not None:
            text = f"{twin.was} was merged and is {twin.link.remote_id} now"
            notebook.note(LINK, None, text, connection, outcome="followed")
        if twin.returned:
            notebook.note(LINK, None, "back in what is synced", connection, outcome=BACK)
        leaving = _leaving(ctx, twin) if _linked(twin) else None
        if leaving is not None:
            twin.link = replace(twin.link, status=LinkStatus.UNLINKED)
            text = f"unlinked: {_SAID[leaving.why]}"
            notebook.note(LINK, None, text, connection, outcome=UNLINKED, rule=leaving.rule)
            decided.leaving.append(leaving)
        if leaving is not None or (twin.gone is not None and twin.gone.moved):
            # Feeds tell the same move more than once; what was moved away was not deleted.
            twin.gone, twin.absent = None, False
    _ask_anew(ctx, case, notebook)
    count_siblings(ctx, case)


def _ask_anew(ctx: Context, case: Case, notebook: Notebook) -> None:
    """What waited while no twin was in step is asked again, and its time begins anew."""
    returned = any(twin.returned for twin in case.twins.values())
    if not returned or notebook.decided.linked:
        return
    for proposal in notebook.still_open():
        fresh = replace(
            proposal,
            version=proposal.version + 1,
            updated_at=ctx.now,
            delivered=0,
            delivered_at=None,
            expires_at=None,
        )
        notebook.decided.proposals[fresh.id] = fresh
        notebook.open[(fresh.field, fresh.proposer)] = fresh


def _linked(twin: Twin) -> bool:
    return twin.link.status is LinkStatus.LINKED and not (twin.joined or twin.returned)


def _leaving(ctx: Context, twin: Twin) -> Leaving | None:
    """Why and when a linked twin has left; None while it is in scope."""
    where, gone, view = twin.link.connection, twin.gone, twin.view
    if gone is not None and gone.moved:
        return Leaving(where, MERGED if gone.into else MOVED, gone.at or ctx.now)
    if view is None or not twin.fresh or view.in_scope:
        return None
    rule = str(view.mapping.when.source) if view.mapping.when else ""
    return Leaving(where, CONDITION, view.modified_at or ctx.now, rule)


def take_back(twin: Twin, record: RemoteRecord, gathered: Gathered) -> None:
    """Link a twin that is there again, and was deleted, put away or out of scope.

    One that had left the scope is met anew: nobody knows what became of it meanwhile, so what
    it shows overrides nothing that is agreed, like what a twin shows that joins.
    """
    away = twin.link.status is LinkStatus.UNLINKED and twin.link.existence == PRESENT
    twin.link = _met_anew(twin.link, record) if away else twin.link
    twin.link = replace(twin.link, status=LinkStatus.LINKED)
    twin.returned = away
    gathered.index.learn(twin.link)


def _met_anew(link: Link, record: RemoteRecord) -> Link:
    return replace(
        link,
        fields={},
        verify=frozenset(),
        container=record.container,
        existence=record.existence,
        linked_at=record.as_of,
        as_of=record.as_of,
    )
