"""Each twin links to its siblings: one text, the same in every tool that has a place for it.

It is a field like any other, which the service itself owns: what it comes to is a step of the
service, and who edits it somewhere has it put back. A mapping that names no place for it has
none; ``siblings: false`` leaves a client without.
"""

from syncer.engine.cases import Case, Twin
from syncer.engine.context import Context
from syncer.model.decisions import Editor, Step
from syncer.model.entities import SIBLINGS
from syncer.model.records import LinkStatus
from syncer.model.rules import SERVICE
from syncer.model.values import MISSING

BETWEEN = " | "


def count_siblings(ctx: Context, case: Case) -> None:
    """Note what the addresses of a record's twins come to, where that is news."""
    if not linked_here(ctx, case.record.entity):
        return
    agreed = case.record.agreed.get(SIBLINGS)
    now = _told(case)
    if now == (agreed.value if agreed else None):
        return
    step = Step(now, SERVICE, Editor(shown=SERVICE), ctx.now, agreed.value if agreed else MISSING)
    case.counted = {**case.counted, SIBLINGS: step}


def linked_here(ctx: Context, entity: str) -> bool:
    """Whether some tool of this client has a place for the addresses of an entity's twins."""
    found = (mapping.entities.get(entity) for mapping in ctx.client.mappings.values())
    return ctx.client.siblings and any(each and SIBLINGS in each.fields for each in found)


def _told(case: Case) -> str | None:
    """Tool and address of every twin in step; nothing while there is only one."""
    kept = {name: _url(twin) for name, twin in sorted(case.twins.items()) if _stands(twin)}
    told = [f"{name}: {url}" for name, url in kept.items() if url]
    return BETWEEN.join(told) if len(told) > 1 else None


def _stands(twin: Twin) -> bool:
    return twin.link.status is LinkStatus.LINKED and not twin.ended


def _url(twin: Twin) -> str | None:
    return (twin.record.url if twin.record else None) or twin.link.url
