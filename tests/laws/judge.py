"""The twelve laws, each by its name, and that guests read nothing of ours.

A message begins with the law that is broken.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from syncer.model.records import Proposal
from syncer.model.remote import Op
from syncer.model.report import CycleReport, CycleResult
from tests.laws import heeded, spoken, steady, told
from tests.laws import scene as seen
from tests.laws.setting import ENTITY
from tests.laws.spoken import STRICT
from tests.laws.steady import Marks

MARK = "s3cr3t-"
"""How every secret value begins that the agency is given."""


@dataclass
class Scene(seen.Scene):
    """A scene with what is judged along the way."""

    counted: int = 0

    def forgot(self, name: str) -> None:
        """A system's cursor expired."""
        self.forgotten.add(name)

    def marks(self) -> Marks:
        """How things stand now."""
        self.raced = False
        return Marks(self)

    def after_cycle(self, report: CycleReport, before: int) -> list[str]:
        """What holds after any cycle: a refused one wrote nothing, no other wrote needlessly."""
        found = []
        if report.result is CycleResult.REFUSED and self.written() != before:
            found.append("the guard refused, and something was written")
        return named("Absence is not deletion", found) + named("Least writing", least_writing(self))

    def others_in_step(self, down: str, report: CycleReport) -> list[str]:
        """Isolation, while one system is down."""
        return named("Isolation", steady.isolation(self, down, report))

    def entitled(self, proposal: Proposal, who: str) -> list[str]:
        """Whether somebody whose answer was taken may decide this."""
        owners = self.setting.owners(proposal.entity, proposal.field) or ()
        wrong = [] if who in owners else [f"{who} answered {proposal.entity}.{proposal.field}"]
        return named("Owned", wrong)

    def undid(self, record: str, field: str, who: str) -> list[str]:
        """Whether somebody whose undoing of a field went through may decide it."""
        self.undone.add((record, field))
        entity = self.records()[record].entity
        owners, policy = self.setting.owners(entity, field), self.setting.policy(entity, field)
        wrong = owners is not None and policy in STRICT and who not in owners
        return named("Owned", [f"{who} undid {entity}.{field}"] if wrong else [])

    def same_as(self, other: "Scene") -> list[str]:
        """Order free: with other names in another order all comes to the same."""
        return named("Order free", order_free(self, other))


def named(law: str, texts: Iterable[str]) -> list[str]:
    """Messages under the name of their law."""
    return [f"{law}: {text}" for text in texts]


def judge(
    scene: Scene, before: Marks, reports: list[CycleReport], spoken_aloud: list[str]
) -> list[str]:
    """Every law that one agency can break, the most telling first."""
    return [
        *named("Secret", secret(scene, reports, spoken_aloud)),
        *named("Guests", heeded.private(scene)),
        *named("Exactly once", steady.exactly_once(scene)),
        *named("Exactly once", heeded.said_once(scene)),
        *named("Absence is not deletion", told.absence(scene)),
        *named("Nothing lost", told.nothing_lost(scene)),
        *named("Finer survives coarser", spoken.finer(scene)),
        *named("Owned", spoken.owned(scene)),
        *named("Owned", told.uninvited(scene)),
        *named("Owned", heeded.answered(scene)),
        *named("Heard", told.heard(scene)),
        *named("Heard", heeded.told(scene)),
        *named("Quiet", steady.quiet(scene, before, reports)),
        *named("Converges", steady.converges(scene)),
        *named("Converges", steady.twins(scene)),
        *named("Converges", steady.at_rest(scene, reports)),
    ]


def secret(scene: Scene, reports: list[CycleReport], spoken_aloud: list[str]) -> Iterable[str]:
    """No marked value is in the file, the log, a report or a plan."""
    file = scene.store.file
    assert file is not None
    for path in (file, file.with_name(f"{file.name}-wal")):
        if path.exists() and MARK.encode() in path.read_bytes():
            yield f"a secret is in {path.name}"
    yield from ("a secret is in the log" for line in spoken_aloud if MARK in line)
    yield from (f"a secret is in a report: {r.result}" for r in reports if MARK in repr(r))


def least_writing(scene: Scene) -> Iterable[str]:
    """Nothing is sent that was there already, and nothing twice; races aside."""
    for name, world in scene.worlds.items():
        since = world.lapses.sent[world.lapses.judged :]
        world.lapses.judged = len(world.lapses.sent)
        if scene.raced:
            continue
        touched: set[str] = set()
        for write, shown in since:
            if write.op is not Op.UPDATE or write.id is None:
                continue
            idle = [f for f, value in write.fields.items() if value == shown.get(f)]
            if idle:
                yield f"{name} {write.id}: {idle} were sent, and stood there already"
            if write.id in touched:
                yield f"{name} {write.id}: written twice in one cycle"
            touched.add(write.id)


def order_free(scene: Scene, other: Scene) -> Iterable[str]:
    """Two agencies that differ in names and order alone show the same."""
    for here, there in zip(scene.names, other.names, strict=True):
        one, two = content(scene, here), content(other, there)
        for row in sorted({*one} ^ {*two}):
            yield f"{here if row in one else there} alone shows {row}"


def content(scene: Scene, name: str) -> list[str]:
    """What one system shows, without ids and times."""
    rows = []
    for thing in scene.worlds[name].things.values():
        options = {
            field: {o.id: o.name for o in scene.worlds[name].choices(thing.object, field, thing.container)}
            for field in scene.tool(name).fields(thing.object)
        }  # fmt: skip
        values = []
        for field, names in options.items():
            raw = thing.fields[field]
            if field == "project":
                raw = scene.worlds[name].things[str(raw)].fields["name"]
            many = raw if isinstance(raw, list) else [raw]
            values.append(f"{field}={[names.get(str(each), each) for each in many]}")
        rows.append(f"{ENTITY[thing.object]} {thing.existence} {' '.join(sorted(values))}")
    return rows
