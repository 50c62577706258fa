"""The story of a record in words: the same for a terminal and for a page."""

from collections.abc import Iterator

from syncer.model.agreements import Agreed, Agreement
from syncer.model.goals import RESULTS
from syncer.model.records import Link, LinkStatus
from syncer.model.values import MISSING, Seen
from syncer.report.ontop import on_top
from syncer.report.saying import COMMAND_LINE, Sayer, changed, is_long, kind_of, plain, rule_of
from syncer.report.storyparts import Row, Story, Told, Twin, View
from syncer.report.timeline import FIRST, Event, Kept, timeline


def events_of(story: Story, sayer: Sayer) -> tuple[Event, ...]:
    """The timeline, up to the moment that is asked for."""
    proposals = [one.proposal for one in story.proposals]
    kept = [(a.field, _agreed(a)) for a in story.agreements]
    kept += list(story.record.agreed.items())
    known = Kept(story.spec, story.history, proposals, kept)
    found = (e for e in timeline(known, sayer) if story.moment is None or e.at <= story.moment)
    return tuple(e for e in found if story.field in (None, e.field) or _whole(e))


def _whole(event: Event) -> bool:
    """Whether it is about the record as a whole, and so about each field."""
    return event.field is None and event.kind in ("first_contact", "link")


def _agreed(one: Agreement) -> Agreed:
    return Agreed(one.value, one.by, one.role, one.connection, one.at, one.rule)


def matters(story: Story, event: Event) -> bool:
    """Whether it is shown without being asked for: of a whole record, not each first value."""
    if event.kind == "agreed" and story.field is None:
        return event.matters and event.person not in (None, FIRST)
    return event.matters and not (story.field is None and _beside(event.field or ""))


def _beside(name: str) -> bool:
    """Whether a field only tells on its own what the words of the results say."""
    return name.startswith(f"{RESULTS}_")


def view(story: Story, sayer: Sayer, *, every: bool = False, most: int | None = None) -> View:
    """A story in words: what matters of it, or ``every`` event; the last ``most``."""
    events = events_of(story, sayer)
    shown = [e for e in events if every or matters(story, e)]
    last = shown[-most:] if most is not None else shown
    sentence, also = on_top(story, sayer)
    began = min((e.at for e in story.history), default=None)
    return View(
        client=story.client,
        entity=story.record.entity,
        title=story.title,
        id=story.record.id,
        zone=sayer.zone,
        sentence=sentence,
        also=tuple(also),
        rows=tuple(
            _row(story, sayer, name, agreed)
            for name, agreed in story.agreed.items()
            if _tells(agreed) and (every or story.field or not _beside(name))
        ),
        twins=tuple(_twin(story, sayer, link) for link in story.links),
        lines=tuple(_told(story, sayer, event) for event in last),
        earlier=len(shown) - len(last),
        beside=len(events) - len(shown),
        moment=sayer.moment(story.moment) if story.moment else "",
        begins=sayer.moment(began) if began else "",
    )


def _tells(agreed: Agreed) -> bool:
    return agreed.value is not None or agreed.by is not None


def _row(story: Story, sayer: Sayer, name: str, agreed: Agreed) -> Row:
    value = sayer.of_type(kind_of(story.spec, name), agreed.value)
    typed = not agreed.connection and agreed.by not in (None, FIRST)
    where = COMMAND_LINE if typed else sayer.system(agreed.connection)
    return Row(
        field=plain(name),
        value=value,
        who=sayer.person(agreed.by),
        role=plain(agreed.role),
        where=where,
        at=sayer.stamp(agreed.at) if agreed.at else "",
        rule=rule_of(agreed.rule),
        confidential=name in story.confidential,
    )


def _twin(story: Story, sayer: Sayer, link: Link) -> Twin:
    state = str(link.status) if link.existence == "present" else link.existence
    if link.status is LinkStatus.UNLINKED:
        left = [e for e in story.history if e.connection == link.connection]
        said = next((e for e in left if (e.kind, e.outcome) == ("link", "unlinked")), None)
        state = f"unlinked on {sayer.moment(said.at)}" if said else state
    where = sayer.system(link.connection)
    return Twin(where, plain(link.object), link.remote_id, state, link.url or "")


def _told(story: Story, sayer: Sayer, event: Event) -> Told:
    kind = kind_of(story.spec, event.field)
    old, new = (sayer.of_type(kind, v) if v is not MISSING else "" for v in _values(event))
    pieces = changed(event.old, event.new) if is_long(event.old, event.new) else ()
    shown = ", ".join(sayer.system(name) for name in sorted(set(event.shown_in)))
    who, where = sayer.person(event.person), sayer.system(event.connection)
    return Told(
        when=sayer.stamp(event.at),
        field=plain(event.field),
        old=old,
        new=new,
        pieces=pieces,
        who=who,
        role=plain(event.role),
        where=sayer.place(event.connection) if where != who else "",
        verdict=event.verdict,
        number="" if event.number and event.number in event.verdict else event.number,
        became=event.became,
        rule=rule_of(event.rule),
        cycle=event.cycle,
        shown_in=shown,
        text=event.text,
        confidential=event.field in story.confidential,
        held=(event.kind == "edit" and bool(event.number)) or event.verdict.startswith("waits"),
    )


def _values(event: Event) -> Iterator[Seen]:
    """Old and new; a line without any value has neither."""
    bare = event.old in (None, MISSING) and event.new in (None, MISSING)
    if bare and event.kind not in ("edit", "agreed", "write"):
        yield from (MISSING, MISSING)
        return
    yield event.old if event.kind != "agreed" else MISSING
    yield event.new
