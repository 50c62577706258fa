"""How what a twin shows stands against what was last decided on, and whether that is news."""

from collections.abc import Mapping

from syncer.engine.cases import Twin
from syncer.model.decisions import Change, FieldView
from syncer.reconcile.merge import compare
from syncer.reconcile.targets import local


def differences(twin: Twin) -> dict[str, Change]:
    """How each field stands.

    Where a thing was moved, vendors drop or change labels, sections and the fields of the board
    it was in: nobody's edit, and nothing that was decided on of such a field counts.
    """
    if twin.view is None:
        return {}
    moved = twin.link.container not in (None, twin.view.container)
    known = twin.link.fields
    return {
        name: compare(None if moved and local(shown.bound) else known.get(name), shown)
        for name, shown in twin.view.fields.items()
    }


def is_news(twin: Twin, found: Mapping[str, Change]) -> bool:
    """Whether somebody may have done something to a twin: else nobody need be asked who it was."""
    if twin.changes or twin.link.verify or twin.ended or twin.rests:
        return True
    view = twin.view
    if view is None:
        return False
    away = view.existence != twin.link.existence
    return away or any(_is_told(view.fields[name], each) for name, each in found.items())


def _is_told(shown: FieldView, change: Change) -> bool:
    """Whether a field tells something: one that was never seen before and is empty does not."""
    if change is Change.NEW:
        return shown.reading.value is not None
    return change is not Change.SAME
