"""Quiet: whether there is anything to decide about a record that was told of, and in which fields."""

from collections.abc import Iterator, Mapping

from syncer.engine.attribute import Told, entries_of
from syncer.engine.cases import Twin
from syncer.engine.desk import Desk
from syncer.model.decisions import Change, View
from syncer.model.entities import EXISTENCE
from syncer.model.records import Agreed, LinkStatus


def is_quiet(desk: Desk) -> bool:
    """Whether every twin shows what was decided on, nobody edited it, and nothing waits.

    An echo of our own writes is; so is what was merely listed again. Only what the twins show is
    remembered then: deciding would come to nothing.
    """
    case, decided = desk.case, desk.notebook.decided
    waits = case.counted or case.hearings or case.proposals or case.holds
    if case.new or waits or desk.ctx.orders.undo is not None:
        return False
    if decided.journal or decided.leaving or EXISTENCE not in decided.agreed:
        return False
    return all(_shows_the_same(desk, name, twin) for name, twin in case.twins.items())


def open_fields(desk: Desk) -> list[str]:
    """The fields in which something is to be decided, in a stable order.

    They were counted, or some twin shows them otherwise than what was decided on.
    """
    agreed, found = desk.notebook.decided.agreed, set(desk.case.counted)
    for connection, _, view in desk.live:
        found.update(_open(view, desk.told(connection), agreed))
    return sorted(found)


def _shows_the_same(desk: Desk, connection: str, twin: Twin) -> bool:
    """Whether a twin stands as it was left, and every field of it with what was agreed."""
    told, view, agreed = desk.told(connection), twin.view, desk.notebook.decided.agreed
    if twin.ended or twin.joined or twin.returned or any(told.entries.values()):
        return False
    if view is None:
        return True
    if twin.link.status is not LinkStatus.LINKED or view.existence != twin.link.existence:
        return False
    return next(_open(view, told, agreed), None) is None


def _open(view: View, told: Told, agreed: Mapping[str, Agreed]) -> Iterator[str]:
    """Fields that show neither what was decided on there nor, for the first time, the same."""
    entries, differences = told.entries, told.differences
    for name, shown in view.fields.items():
        known, reading = agreed.get(name), shown.reading
        if known is None or reading.problem or (entries and entries_of(told, shown)):
            yield name
            continue
        change = differences.get(name, Change.SAME)
        if change is Change.SAME or (change is Change.NEW and reading.value == known.value):
            continue
        yield name
