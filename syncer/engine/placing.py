"""Things that wait before it is known which record they are: why, and how that is held."""

from collections.abc import Collection

from syncer.engine.context import Context
from syncer.engine.recalling import hold_key
from syncer.engine.reread import Place
from syncer.engine.sites import Site
from syncer.model.decisions import View
from syncer.model.records import Hold, Intent
from syncer.model.remote import RemoteRecord
from syncer.model.values import MISSING
from syncer.reconcile.history import SKEW


def unplaced(shown: View) -> tuple[str | None, str]:
    """Why a thing cannot be placed: a key of it refers to something without a record."""
    for name in shown.mapping.match:
        found = shown.fields.get(name)
        if found and found.reading.value is MISSING and found.reading.problem:
            return name, f"{name}: {found.reading.problem}"
    return None, ""


def perhaps_ours(made: Collection[Intent], site: Site, record: RemoteRecord) -> str:
    """Why a thing must wait: a write of ours that was never answered may have made it."""
    if not made or not (record.created_by is None or record.created_by in site.me):
        return ""
    first = min(intent.created_at for intent in made) - SKEW
    late = record.created_at is None or record.created_at >= first
    return "a write that was not answered yet may have made it" if late else ""


def held(
    ctx: Context,
    place: Place,
    kind: str,
    reason: str,
    candidates: tuple[str, ...],
    field: str | None,
) -> Hold:
    """What is remembered of a thing that waits: for which ``reason``, and what it may be."""
    connection, object_name, remote_id = place
    return Hold(
        key=hold_key(place),
        client=ctx.client.key,
        kind=kind,
        reason=reason,
        connection=connection,
        object=object_name,
        remote_id=remote_id,
        field=field,
        candidates=candidates,
        since=ctx.now,
    )
