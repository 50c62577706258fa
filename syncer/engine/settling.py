"""Settling: a fresh edit is left alone, so that nobody is overwritten in the middle of typing."""

from datetime import timedelta

from syncer.engine.desk import Desk
from syncer.engine.memory import Treatment
from syncer.model.decisions import Step
from syncer.model.rules import Rule


def unsettled(desk: Desk, name: str, rule: Rule, found: list[Step]) -> bool:
    """Whether the newest edit of a field is too fresh to touch; if so, it waits everywhere."""
    twins = desk.case.twins
    ages = [_age(desk, step) for step in found if step.at]
    ended = any(twins[step.connection].ended for step in found if step.connection in twins)
    if ended or not rule.settle or not ages or min(ages) >= rule.settle:
        return False
    for connection in twins:
        rival = any(step.connection == connection for step in found)
        treatment = Treatment.RIVAL if rival else Treatment.UNDECIDED
        desk.treatments[connection][name] = treatment
        desk.notebook.decided.kept[connection].add(name)
    desk.notebook.decided.waiting = True
    return True


def _age(desk: Desk, step: Step) -> timedelta:
    """How old an edit is, by the clock of the system that it was made in."""
    twin = desk.case.twins.get(step.connection)
    ahead = twin.site.ahead if twin and twin.site else timedelta(0)
    return desk.ctx.now + ahead - (step.at or desk.ctx.now)
