"""From an action of the plan to the write that is sent: promises kept, the intent made."""

from collections.abc import Mapping

from msgspec import Struct

from syncer.engine.cases import Gathered
from syncer.engine.confidential import place
from syncer.engine.context import Context
from syncer.engine.newplaces import PROMISED
from syncer.engine.sites import Site
from syncer.model.decisions import Action, FieldWrite
from syncer.model.records import Intent
from syncer.model.remote import Op, Raw, Write


class Sending(Struct, frozen=True):
    """An action on its way: the intent that was recorded and the write that is sent.

    ``later`` are fields that do not exist yet: a new container gets them once it is there.
    """

    action: Action
    intent: Intent
    write: Write
    later: tuple[FieldWrite, ...] = ()


class NotYet(LookupError):
    """What this action needs could not be made; the text says what."""


def prepare(ctx: Context, site: Site, gathered: Gathered, action: Action) -> Sending:
    """Resolve what was promised (new containers, new twins) and make the intent.

    Raises:
        NotYet: the container it belongs to, or a twin it names, is not there.
    """
    container = action.container
    if action.container_of is not None:
        container = gathered.index.remote(action.container_of, site.connection)
        if container is None:
            raise NotYet("what it belongs to could not be made there")
    fields: dict[str, Raw] = {}
    later: list[FieldWrite] = []
    # Who can read in a place that is made only now is looked at once it is there.
    unseen = action.op is Op.CREATE and place(site, action) is None
    secret = ctx.config.ownership.confidential if unseen else frozenset()
    for write in action.writes:
        remote = _field_id(site, action, write.remote, container)
        raw = _kept(gathered, site, write.raw)
        if raw is None and write.raw is not None:
            raise NotYet(f"{write.field}: not there yet")
        if remote is None or write.field in secret:
            later.append(write)
        else:
            fields[remote] = raw
    intent = _intent(ctx, site, action, container, fields)
    return Sending(action, intent, write_of(intent, action), tuple(later))


def _intent(
    ctx: Context, site: Site, action: Action, container: str | None, fields: Mapping[str, Raw]
) -> Intent:
    return Intent(
        id=ctx.new_id("i"),
        client=ctx.client.key,
        cycle=ctx.cycle,
        record=action.record,
        connection=action.connection,
        op=action.op,
        object=action.object,
        remote_id=action.remote_id,
        container=container,
        fields=fields,
        # By the vendor's clock, for it is the vendor's records that it is compared with.
        created_at=site.adapter.now(),
    )


def write_of(intent: Intent, action: Action | None = None) -> Write:
    """The write an intent stands for."""
    base = dict(action.base) if action else {}
    return Write(
        intent=intent.id,
        op=intent.op,
        object=intent.object,
        id=intent.remote_id,
        container=intent.container,
        fields=intent.fields,
        base=base,  # type: ignore[arg-type]
        template=action.template if action else None,
        archive=action.archive if action else None,
        since=intent.created_at,
    )


def follow_up(sending: Sending, remote_id: str, container: str | None) -> Action:
    """The update that gives a new twin the fields it could not have at its creation."""
    action = sending.action
    return Action(
        client=action.client,
        record=action.record,
        entity=action.entity,
        title=action.title,
        connection=action.connection,
        op=Op.UPDATE,
        object=action.object,
        level=action.level,
        remote_id=remote_id,
        container=container,
        writes=sending.later,
        base={write.remote: None for write in sending.later},
        why=action.why,
    )


def _field_id(site: Site, action: Action, remote: str, container: str | None) -> str | None:
    if not remote.startswith(PROMISED):
        return remote
    info = site.catalogue.objects.get(action.object)
    # A container is where its own custom fields are.
    place = action.remote_id if info and info.inside is None else container
    found = info.candidates(remote.removeprefix(PROMISED), place, custom=True) if info else []
    return found[0].id if len(found) == 1 else None


def _kept(gathered: Gathered, site: Site, raw: Raw) -> Raw:
    if isinstance(raw, str):
        if not raw.startswith(PROMISED):
            return raw
        return gathered.index.remote(raw.removeprefix(PROMISED), site.connection)
    if isinstance(raw, list):
        found = [_kept(gathered, site, item) for item in raw]
        return [item for item in found if item is not None]
    return raw
