"""Results: what goals came to, as steps of the system that counted, where that is news."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from syncer.engine.aims import Aim
from syncer.engine.asks import feed_of, reach_of
from syncer.engine.context import Context
from syncer.model.decisions import Editor, Step
from syncer.model.measures import GOALS_REPORT, Every, Grain, Measuring, Property, Slice
from syncer.model.values import Value
from syncer.reconcile.as_of import as_of, weekly_due
from syncer.reconcile.results import WEEKLY, results, weekly
from syncer.reconcile.series import Figures, Of, gathered
from syncer.reconcile.standing import stand
from syncer.reconcile.windows import covered


def counted(
    ctx: Context, connection: str, aim: Aim, figures: Figures, zone: ZoneInfo
) -> Mapping[str, Step]:
    """The fields of a record's results that differ from what is agreed.

    Goals of which nothing was read yet have no results: silence is not zero.

    Args:
        figures: of the aim's slice; ``zone`` is the property's.
    """
    if aim.goals.goals and not figures.series:
        return {}
    told = _told(ctx, aim, figures, ctx.client.measuring[connection], zone)
    editor = Editor(automation=connection, shown=ctx.config.connections[connection].adapter)
    rules, entity = ctx.config.ownership.rules, aim.record.entity
    return {
        name: Step(value, connection, editor, ctx.now, aim.record.value(name))
        for name, value in told.items()
        if (entity, name) in rules and value != aim.record.value(name)
    }


def _told(
    ctx: Context, aim: Aim, figures: Figures, rules: Measuring, zone: ZoneInfo
) -> dict[str, Value]:
    if not aim.goals.goals:
        # What only was a goal takes its results along; what was posted for a week was so then.
        return results((), digits=rules.digits)
    day = as_of(ctx.now, zone, rules.every)
    now = [stand(g, figures, begins=aim.begins(g), as_of=day) for g in aim.goals.goals]
    told = results(now, aim.goals.faults, digits=rules.digits)
    agreed = aim.record.agreed.get(WEEKLY)
    if weekly_due(agreed.at if agreed else None, ctx.now, zone):
        sunday = as_of(ctx.now, zone, Every.WEEK)
        then = [stand(g, figures, begins=aim.begins(g), as_of=sunday) for g in aim.goals.goals]
        told |= weekly(then, aim.goals.faults, digits=rules.digits)
    return told


def figures_of(ctx: Context, connection: str, part: Slice, found: Property) -> Figures:
    """Everything that is known of the metrics of a slice's goals."""
    client, (property, project) = ctx.client.key, part.key()
    cursors = ctx.store.cursors(client, connection)
    known: dict[Of, tuple[date, date]] = {}
    for grain in Grain:
        reach = reach_of(cursors.get(feed_of(part, GOALS_REPORT, grain)))
        if reach is not None:
            known |= covered(reach, grain)
    rows = ctx.store.figures(client, connection=connection, project=project, report=GOALS_REPORT)
    return gathered((row for row in rows if row.property == property), known, found.currency)
