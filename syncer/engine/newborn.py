"""What others edited of a new thing before we first looked: its maker gave it all the rest."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from syncer.adapterkit.contract import HistoryRequest
from syncer.engine.cases import Case
from syncer.engine.context import Context
from syncer.engine.pulled import Pulled
from syncer.engine.twins import Twin
from syncer.model.remote import Author
from syncer.model.values import MISSING

IN_ONE_GO: Final = timedelta(seconds=10)
"""Vendors change what was just made: what is edited no later than this is its maker's."""


def tell_newborns(cases: Iterable[Case], pulls: Mapping[str, Pulled]) -> None:
    """Give the only twin of each new record what its feed tells of it.

    Old stock, and what meets a twin or joins a record, shows what it shows: nobody's edits.
    """
    for case in cases:
        for connection, twin in case.twins.items() if case.new else ():
            told, key = pulls[connection].changes, (twin.link.object, twin.link.remote_id)
            if _is_newborn(case, twin) and key in told:
                twin.changes = list(told[key])


def asked_of_newborn(ctx: Context, case: Case, twin: Twin) -> HistoryRequest | None:
    """The history to ask for of a new thing that was edited after it was made, if it was."""
    record = twin.record
    if record is None or not _is_newborn(case, twin):
        return None
    made, edited = record.created_at, record.modified_at
    if made is None or edited is None or edited <= made + IN_ONE_GO:
        return None
    keyed = (entry.at for entry in twin.changes if entry.key and entry.at is not None)
    if any(at > edited - IN_ONE_GO for at in keyed) and _since_the_last(ctx, twin, made):
        return None  # the feed has told all of it, down to the last edit
    wanted = _owned(ctx, case, twin)
    link = twin.link
    request = HistoryRequest(link.object, link.remote_id, wanted, made, link.container)
    return request if wanted else None


def _feeds(twin: Twin) -> bool:
    return twin.site is not None and twin.site.adapter.capabilities.feed_changes


def _since_the_last(ctx: Context, twin: Twin, made: datetime) -> bool:
    """Whether a feed's last portion tells everything of a thing: it was made since the one before."""
    last = ctx.store.client(ctx.client.key).last_ok_at
    return last is None or twin.site is None or made > last + twin.site.ahead


def _is_newborn(case: Case, twin: Twin) -> bool:
    return case.new and len(case.twins) == 1 and not twin.link.stock


def _owned(ctx: Context, case: Case, twin: Twin) -> frozenset[str]:
    """The remote fields that may tell of what somebody owns, where the vendor tells by whom."""
    rules = ctx.config.ownership.rules
    # That a field was emptied a feed tells; where there is none, it was filled for all we know.
    unsaid = (None, MISSING) if _feeds(twin) else (MISSING,)
    return frozenset(
        shown.bound.info.id
        for name, shown in (twin.view.fields if twin.view else {}).items()
        if (rule := rules.get((case.record.entity, name))) is not None
        and rule.owners
        and shown.bound.info.author is not Author.NO
        and shown.bound.mapping.reads
        and shown.reading.value not in unsaid
    )
