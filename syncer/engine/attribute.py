"""Attribute: who changed what. Feeds are read first; histories are asked for in batches."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

import structlog
from msgspec.structs import replace

from syncer.adapterkit.contract import HistoryRequest
from syncer.adapterkit.errors import AdapterError
from syncer.engine.asking import Question, ask
from syncer.engine.cases import Case, Gathered, Twin
from syncer.engine.context import Context
from syncer.engine.differing import differences, is_news
from syncer.engine.newborn import asked_of_newborn
from syncer.engine.sites import Site
from syncer.engine.telling import Telling as Telling  # noqa: PLC0414 - what is given
from syncer.engine.telling import Told as Told  # noqa: PLC0414 - likewise
from syncer.model.decisions import Change, FieldView
from syncer.model.entities import EXISTENCE
from syncer.model.records import Intent
from syncer.model.remote import Author, FieldInfo
from syncer.model.remote import Change as Entry
from syncer.model.values import MISSING, Kind
from syncer.reconcile.archiving import away_field, existence_told
from syncer.reconcile.history import SKEW, foreign

log = structlog.get_logger()


def attribute(
    ctx: Context, sites: Mapping[str, Site], gathered: Gathered
) -> tuple[Telling, dict[str, AdapterError]]:
    """For each twin: which fields differ, and every foreign change of them that is new to us.

    Also gives the systems that did not answer when they were asked.
    """
    telling, news, questions = _compared(ctx, gathered)
    lost = ask(sites, questions, gathered)
    _sift(ctx, [(twin, told) for _, twin, told in news if twin.changes])
    return telling, lost


def attribute_known(ctx: Context, gathered: Gathered) -> tuple[Telling, set[str]]:
    """The same without asking anybody; also gives the records somebody would have to be asked of."""
    telling, news, questions = _compared(ctx, gathered)
    _sift(ctx, [(twin, told) for _, twin, told in news if twin.changes])
    return telling, {each.case.record.id for asked in questions.values() for each in asked}


def _compared(
    ctx: Context, gathered: Gathered
) -> tuple[Telling, list[tuple[Case, Twin, Told]], dict[str, list[Question]]]:
    """How every twin stands, those of which something is told, and what is to be asked of them."""
    telling: Telling = {}
    news = list(_news(gathered, telling))
    intents = _intents(ctx, [twin for case, twin, _ in news if twin.changes or not case.new])
    questions: dict[str, list[Question]] = defaultdict(list)
    for case, twin, told in news:
        told.intents = intents.get(twin.link.key, ())
        try:
            request = _request(ctx, case, twin, told)
        except Exception as error:  # noqa: BLE001 - one bad record stops no other
            gathered.fail(case.record.id, error, twin.link.connection)
            continue
        if request:
            told.asked |= request.fields
            questions[twin.link.connection].append(Question(case, twin, request))
    return telling, news, questions


def _news(gathered: Gathered, telling: Telling) -> Iterator[tuple[Case, Twin, Told]]:
    """Compare every twin; gives those of which something is told that may be somebody's edit."""
    cases = gathered.cases.values()
    for case, twin in ((c, twin) for c in cases for twin in c.twins.values() if twin.site):
        told = telling[(case.record.id, twin.link.connection)] = Told()
        if twin.rests:
            twin.changes += [e for memory in twin.link.fields.values() for e in memory.told]
        try:
            told.differences = differences(twin)
        except Exception as error:  # noqa: BLE001 - one bad record stops no other
            gathered.fail(case.record.id, error, twin.link.connection)
            continue
        if is_news(twin, told.differences):
            yield case, twin, told


def _intents(ctx: Context, twins: Iterable[Twin]) -> dict[tuple[str, str, str], list[Intent]]:
    """Our own writes of these twins, whose history may be told or asked for."""
    asked = list(twins)
    now = {twin.link.key: twin.link.key for twin in asked}
    # What we wrote before it was merged has the id that it had then.
    now |= {(*twin.link.key[:2], twin.was): twin.link.key for twin in asked if twin.was}
    found: dict[tuple[str, str, str], list[Intent]] = defaultdict(list)
    for intent in ctx.store.intents_for(ctx.client.key, now) if now else ():
        if intent.remote_id is not None:
            found[now[(intent.connection, intent.object, intent.remote_id)]].append(intent)
    return found


def _request(ctx: Context, case: Case, twin: Twin, told: Told) -> HistoryRequest | None:
    """Which fields of a twin need the vendor's own record of who changed them."""
    if twin.site is None or not twin.site.adapter.capabilities.history_batch:
        return None
    if twin.view is None:
        return None
    if case.new:
        return asked_of_newborn(ctx, case, twin)
    strange = _foreign(twin, told, twin.changes)
    keyed = {entry.field for entry in strange if entry.key}
    wanted = set(twin.link.verify) | _unexplained(ctx, case, twin, told, keyed)
    if twin.view.existence != twin.link.existence:
        away = archiving_field(twin)
        wanted |= {away.id if away else EXISTENCE} - keyed
    if not wanted:
        return None
    link = twin.link
    known = link.as_of or link.linked_at
    since = known - SKEW - twin.site.adapter.capabilities.lag if known else None
    # Entries of a merged thing have other keys: those already judged must not come again.
    since = known if twin.was else since
    return HistoryRequest(link.object, link.remote_id, frozenset(wanted), since, link.container)


def _unexplained(ctx: Context, case: Case, twin: Twin, told: Told, keyed: set[str]) -> set[str]:
    """Fields that were edited, or only hinted at, without a keyed entry to say by whom.

    Of shared ones only those that wait: else it does not matter who did it.
    """
    assert twin.view is not None
    assert twin.site is not None
    hints = [entry for entry in twin.changes if not entry.key]
    hinted = {entry.field for entry in _foreign(twin, told, hints)}
    found: set[str] = set()
    still = not hinted and not twin.rests
    for name, shown in twin.view.fields.items():
        if still and told.differences.get(name) is Change.SAME:
            continue
        rule = ctx.config.ownership.rules.get((case.record.entity, name))
        info = shown.bound.info
        waited = _waited(twin, told, name)
        if rule is None or info.author is Author.NO or (rule.shared is not None and not waited):
            continue
        edited = told.differences.get(name) is Change.EDITED or _filled_since(twin, told, name)
        if info.id in hinted or waited or (edited and info.id not in keyed):
            found.add(info.id)
    return found


def _filled_since(twin: Twin, told: Told, name: str) -> bool:
    """Whether a twin that we made shows a value that was not ours: somebody filled it in."""
    assert twin.view is not None
    ours = twin.site is not None and twin.view.created_by in twin.site.me
    shown = twin.view.fields[name]
    is_place = shown.bound.info.type.kind is Kind.REFERENCE and shown.raw == twin.link.container
    empty = shown.reading.value is None or is_place  # that it is where we made it is no news
    return ours and not empty and told.differences.get(name) is Change.NEW


def _waited(twin: Twin, told: Told, name: str) -> bool:
    """Whether edits of a field were told before and not decided on: they are not told again.

    That it shows what it showed before them says only that the last one put it back.
    """
    memory = twin.link.fields.get(name)
    known = told.differences.get(name) in (Change.SAME, Change.EDITED)
    return known and memory is not None and memory.shown is not MISSING


def _sift(ctx: Context, twins: list[tuple[Twin, Told]]) -> None:
    """Keep keyed entries that are new to the journal, later than the link, and not our own."""
    keys: dict[str, set[str]] = defaultdict(set)
    for twin, _ in twins:
        keys[twin.link.connection] |= {entry.key for entry in twin.changes if entry.key}
    known = {
        name: ctx.store.known_keys(ctx.client.key, name, found) for name, found in keys.items()
    }
    for twin, told in twins:
        unique = {
            (entry.key, entry.field): entry
            for entry in twin.changes
            if entry.key and entry.key not in known[twin.link.connection] and _later(twin, entry)
        }
        strange = _foreign(twin, told, unique.values())
        foreign_keys = {(entry.key, entry.field) for entry in strange}
        told.ours = frozenset(name for key, name in unique if (key, name) not in foreign_keys)
        entries: dict[str, list[Entry]] = defaultdict(list)
        for entry in strange:
            entries[entry.field].append(entry)
        told.entries = entries


def _foreign(twin: Twin, told: Told, entries: Collection[Entry]) -> tuple[Entry, ...]:
    """The entries about a twin that are not our own writes; the same are looked through once."""
    site, asked = twin.site, tuple(entries)
    if site is None or not asked:
        return ()
    if asked != told.sifted[0]:
        shared = any(site.directory.person(id) for id in site.me)
        told.sifted = asked, foreign(asked, told.intents, site.me, shared=shared)
    return told.sifted[1]


def _later(twin: Twin, entry: Entry) -> bool:
    start = twin.record.created_at if twin.record and twin.joined else twin.link.linked_at
    return start is None or entry.at is None or entry.at > start


def entries_of(told: Told, shown: FieldView) -> list[Entry]:
    """The foreign entries about one mapped field."""
    return told.entries.get(shown.bound.info.id, [])


def existence_entries(twin: Twin, told: Told) -> list[Entry]:
    """The foreign entries about the thing being there at all, also where a field says so."""
    entries = list(told.entries.get(EXISTENCE, []))
    away = archiving_field(twin)
    if twin.view is None or away is None:
        return entries
    shown = any(field.bound.info.id == away.id for field in twin.view.fields.values())
    moved: list[Entry] = []
    for entry in told.entries.get(away.id, []):
        value = existence_told(twin.view.mapping, away, entry)
        if value is not None:
            # Where it is also an edit of a field, that one is journalled under the entry's key.
            key = f"{entry.key}:{EXISTENCE}" if shown else entry.key
            moved.append(replace(entry, field=EXISTENCE, old=MISSING, new=value, key=key))
    return [*entries, *_foreign(twin, told, moved)]


def archiving_field(twin: Twin) -> FieldInfo | None:
    """The field whose option stands for archived, where the mapping names one."""
    if twin.view is None or twin.site is None:
        return None
    mapping = twin.view.mapping
    return away_field(mapping, twin.site.info(mapping), twin.view.container)
