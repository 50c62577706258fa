"""What a link remembers after a write was answered: asked and got, seen, a twin that was made."""

from msgspec.structs import replace

from syncer.engine.cases import Gathered
from syncer.engine.context import Context
from syncer.engine.planning import Planned
from syncer.engine.sending import Sending
from syncer.engine.sites import Site
from syncer.model.decisions import Bound, FieldWrite
from syncer.model.entities import ARCHIVED, PRESENT
from syncer.model.records import Link, LinkField
from syncer.model.remote import Op, Outcome, Raw
from syncer.model.values import MISSING, Missing
from syncer.reconcile.expressing import makes_option
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.members import by_us
from syncer.reconcile.reading import met, shown
from syncer.reconcile.targets import local


class Memory:
    """The links of a cycle as its writes change them."""

    def __init__(self, ctx: Context, gathered: Gathered, planned: Planned) -> None:
        self._ctx = ctx
        self._gathered = gathered
        self._planned = planned
        self._links: dict[tuple[str, str], Link] = {}

    def link(self, site: Site, sending: Sending, outcome: Outcome) -> Link:
        """The link of a write that was done."""
        action, intent = sending.action, sending.intent
        work, place = self._planned.work, (action.record, site.connection)
        known = None
        if action.op is not Op.CREATE:
            known = self._links.get(place) or work.links(action.record).get(site.connection)
        link = known or self._made(site, sending, outcome)
        container = outcome.container or link.container
        bindings = site.bindings(self._ctx, action.entity, container)
        fields = dict(link.fields)
        if container != link.container:
            fields = {
                n: f for n, f in fields.items() if n not in bindings or not local(bindings[n])
            }
        lookup = self._gathered.index.lookup(site, self._ctx)
        for write in action.writes:
            bound = bindings.get(write.field)
            if bound is not None and bound.info.id in intent.fields:
                memory = fields.get(write.field)
                fields[write.field] = _written(lookup, memory, bound, write, sending, outcome)
        existence = {Op.ARCHIVE: ARCHIVED, Op.RESTORE: PRESENT}.get(action.op, link.existence)
        verify = link.verify
        if site.adapter.capabilities.verify_writes and action.op is Op.UPDATE:
            verify |= frozenset(intent.fields)
        # What it showed before this write would be news, were it shown again.
        link = replace(link, fields=fields, existence=existence, verify=verify, mark=None)
        link = replace(link, url=outcome.url or link.url, container=container)
        if sending.later or work.again(*place):
            self._links[place] = link  # it is written to once more
        return link

    def _made(self, site: Site, sending: Sending, outcome: Outcome) -> Link:
        action = sending.action
        link = Link(
            id=self._ctx.new_id("l"),
            record=action.record,
            connection=site.connection,
            object=action.object,
            remote_id=outcome.id or "",
            container=outcome.container or sending.intent.container,
            linked_at=outcome.as_of or site.adapter.now(),
            as_of=outcome.as_of or site.adapter.now(),
            url=outcome.url,
        )
        self._gathered.index.learn(link)
        return link


def _written(
    lookup: Lookup,
    memory: LinkField | None,
    bound: Bound,
    write: FieldWrite,
    sending: Sending,
    outcome: Outcome,
) -> LinkField:
    """What is remembered of one field after its write was answered."""
    remote = bound.info.id
    asked = sending.intent.fields[remote]
    if remote in outcome.stale:
        return replace(memory or LinkField(), shown=outcome.stale[remote])
    if remote in outcome.refused:
        # It is parked, and asked for again when its next try is due.
        return memory or LinkField()
    got = _got(bound, sending.action.base.get(remote, MISSING), asked, outcome)
    view = shown(bound, got, lookup)
    # An option that was made just now is not in the catalogue: read it next time.
    known_now = not view.reading.problem and not makes_option(asked)
    read = (view.met or met(bound, got, view.reading)).read if known_now else MISSING
    at = sending.intent.created_at
    return LinkField(got, read, asked, got, at, MISSING, write.cut, remote)


def _got(bound: Bound, base: Raw | Missing, asked: Raw, outcome: Outcome) -> Raw:
    """What the answer shows of what we sent; what others did to a set meanwhile is still an edit."""
    got = outcome.got.get(bound.info.id, asked)
    if not bound.info.type.many or base is MISSING:
        return got
    return by_us(base, asked, got, [option.id for option in bound.info.options])
