"""Laws about what stands once all is quiet: Converges, Quiet, Exactly once, Isolation."""

from collections import Counter
from collections.abc import Iterator

from adapters.memory.things import Entry
from syncer.model.mapping import Direction
from syncer.model.records import IntentStatus, Link, LinkStatus, Record
from syncer.model.report import CycleReport, CycleResult
from tests.laws.scene import Place, Scene, called, excused, shows
from tests.laws.told import nothing_lost

READ_BACK = (Direction.BOTH, Direction.PUSH)


def converges(scene: Scene, without: str = "") -> Iterator[str]:
    """Every linked twin shows what is agreed, as far as it can, or something open says why not."""
    excuses, records = scene.excuses(), scene.records()
    if without and scene.swapped:  # what a new reading means is seen with the next full compare
        excuses |= {(id, "priority", None) for id in records}
    for link in scene.linked():
        record = records[link.record]
        if link.connection == without or excused(excuses, record.id, "existence", link.connection):
            continue
        where, there = f"{link.connection} {called(record)}", scene.thing(link).existence
        wanted = record.value("existence")
        if wanted is not None and there != wanted:
            yield f"{where}: {there}, agreed {wanted}"
        elif there == "present":
            yield from (f"{where}: {text}" for text in _fields(scene, link, record, excuses))


def _fields(scene: Scene, link: Link, record: Record, excuses: set[Place]) -> Iterator[str]:
    tool = scene.tool(link.connection)
    homes = {(each.record, each.connection) for each in scene.linked()}
    for remote, name in tool.fields(link.object).items():
        agreed, shown = record.value(name), scene.shown(link, remote)
        way = tool.direction(record.entity, name)
        if (
            name not in record.agreed
            or way not in READ_BACK
            or excused(excuses, record.id, name, link.connection)
        ):
            continue
        if name == "project" and (agreed, link.connection) not in homes:
            continue  # what it was moved into is not in that tool
        # Two values may have changed names in this tool alone: what is agreed has none there.
        unnamed = scene.swapped and name == "priority"
        if not shows(tool, shown, agreed) and not (unnamed and shown is None):
            yield f"{name} shows {shown!r}, agreed {agreed!r}"


def twins(scene: Scene) -> Iterator[str]:
    """Whatever is agreed to be there has a twin wherever new ones are made."""
    excuses, links = scene.excuses(), scene.links()
    has = {(link.record, link.connection) for link in links}
    homes = {(link.record, link.connection) for link in scene.linked()}
    for record in scene.records().values():
        if record.value("existence") != "present":
            continue
        parent = record.value("project")
        for name in scene.names:
            homeless = parent is not None and (parent, name) not in homes
            known = (record.id, name) in has or excused(excuses, record.id, "existence", name)
            if scene.tool(name).makes and not homeless and not known:
                yield f"{called(record)} has no twin in {name}"


def at_rest(scene: Scene, reports: list[CycleReport]) -> Iterator[str]:
    """Nothing is left to be done, and no cycle fails once nothing fails any more."""
    parked = {each.record for each in scene.store.parked("acme")}
    report = reports[-1]
    if report.result is not CycleResult.DONE and not parked:
        yield f"the cycle ends {report.result}: {report.problems} {report.down} {report.failed}"
    for record in scene.store.records(scene.store.pending("acme")).values():
        if record.id not in parked and not _waits_for_home(scene, record):
            yield f"{called(record)} ({record.id}) is still pending"
    open_intents = scene.store.intents("acme", {IntentStatus.SENT})
    yield from (f"{i.op} of {i.record} in {i.connection} is open" for i in open_intents)


def _waits_for_home(scene: Scene, record: Record) -> bool:
    """Whether what it belongs to is gone in some tool: nothing can be made there for now."""
    home = record.value("project")
    links = scene.store.links_of([home])[home] if isinstance(home, str) else ()
    return any(link.status is not LinkStatus.LINKED for link in links)


def quiet(scene: Scene, before: "Marks", reports: list[CycleReport]) -> Iterator[str]:
    """A cycle with nothing to do writes nothing, plans nothing and judges nothing."""
    for report in reports[-1:]:
        for action in report.plan.actions if report.plan else ():
            yield f"writes again: {action.connection} {action.op} {action.title} {action.writes}"
    if scene.written() != before.written:
        yield f"{scene.written() - before.written} lines written with nothing to do"
    now = marks(scene)
    if now.judged != before.judged:
        yield f"{now.judged - before.judged} edits judged, though nobody edited"
    if now.versions != before.versions:
        yield f"proposals changed by themselves: {now.versions ^ before.versions}"
    yield from own_edits(scene)


def own_edits(scene: Scene) -> Iterator[str]:
    """What we wrote is nobody's edit."""
    ours = {
        (name, str(entry.number)): entry
        for name, world in scene.worlds.items()
        for entry in world.history
        if entry.intent
    }
    for line in scene.store.journal("acme", limit=100_000):
        entry = ours.get((line.connection or "", (line.key or "").partition(":")[0]))
        if (
            entry is not None
            and line.kind == "edit"
            and not _perhaps(scene, line.connection, entry)
        ):
            yield f"our own write of {line.field} in {line.connection} was taken for an edit"


def _perhaps(scene: Scene, connection: str | None, entry: Entry) -> bool:
    """Whether the service's account is a person's who did just the same: nobody could tell.

    Nor where the vendor made something else of what was sent, and did not answer.
    """
    name = connection or ""
    sent = [write.fields.get(entry.field) for write, _ in scene.worlds[name].lapses.sent]
    untold = name in scene.unanswered and entry.new not in sent
    return scene.tool(name).account != "syncer" and (scene.raced or untold)


def exactly_once(scene: Scene) -> Iterator[str]:
    """No second twin, and nothing made that is nobody's twin."""
    known = {link.key for link in scene.links()}
    for name, world in scene.worlds.items():
        there = [t for t in world.things.values() if t.existence != "deleted"]
        for thing in there:
            if thing.marker and (name, thing.object, thing.id) not in known:
                yield f"{name}: {thing.fields.get('title')} was made by us and is nobody's twin"
        titles = Counter(str(t.fields["title"]).split()[0] for t in there if t.object == "item")
        for number, times in titles.items():
            most = 2 if int(number) in TWICE else 1
            if times > most:
                yield f"{name}: task {number} is there {times} times"
    links = Counter((link.record, link.connection) for link in scene.linked())
    yield from (f"{record} has {n} twins in {c}" for (record, c), n in links.items() if n > 1)


TWICE = range(500, 1000)
"""Numbers of tasks that people may have made twice themselves, in projects that differ."""


def isolation(scene: Scene, down: str, report: CycleReport) -> Iterator[str]:
    """With one system down the others are in step, and the cycle says which is down."""
    if report.result is not CycleResult.FAILED or set(report.down) != {down}:
        yield f"{down} is down; the cycle ends {report.result}, down: {dict(report.down)}"
    yield from converges(scene, without=down)
    yield from (f"while {down} was down, {text}" for text in nothing_lost(scene, without=down))


class Marks:
    """How things stood before two cycles with nothing to do."""

    def __init__(self, scene: Scene) -> None:
        self.written = scene.written()
        for world in scene.worlds.values():
            world.lapses.judged = len(world.lapses.sent)
        self.judged = sum(1 for e in scene.store.journal("acme", limit=100_000) if e.kind == "edit")
        self.versions = {(p.id, p.version, p.status) for p in scene.proposals()}


def marks(scene: Scene) -> Marks:
    """How things stand."""
    return Marks(scene)
