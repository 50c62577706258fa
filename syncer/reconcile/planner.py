"""A record's verdicts against its views: which writes make every system show what is agreed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncer.model.decisions import Action, Bound, FieldView, FieldWrite, Inexpressible, View
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT, EntitySpec
from syncer.model.mapping import Direction, EntityMapping
from syncer.model.records import Link, LinkField, Record
from syncer.model.remote import Op, Raw
from syncer.model.values import MISSING, Missing, Seen, Value, same_raw
from syncer.reconcile.expressing import Expression, NotExpressible, express
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import read

WRITABLE = (Direction.BOTH, Direction.PUSH)


@dataclass(frozen=True)
class Target:
    """One connection that carries this entity for this client.

    Args:
        view: what it shows of the record now; ``None`` where there is no twin.
        link: what was seen and asked; ``None`` where there is no twin.
        bindings: for a new twin, the fields of its container.
        may_create: whether a new twin is to be made here if there is none.
        container, container_of: where it would be made.
        kept: fields that are not written here for now (held, settling, waiting).
        level: of the entity, and one more for each parent above the record.
    """

    connection: str
    mapping: EntityMapping
    lookup: Lookup
    view: View | None = None
    link: Link | None = None
    bindings: Mapping[str, Bound] = field(default_factory=dict)
    may_create: bool = False
    container: str | None = None
    container_of: str | None = None
    kept: frozenset[str] = frozenset()
    level: int = 0


Planned = tuple[tuple[Action, ...], tuple[Inexpressible, ...]]


def plan_record(record: Record, spec: EntitySpec, targets: Mapping[str, Target]) -> Planned:
    """Every write one record needs, in the order of connection names, and what cannot be held."""
    actions: list[Action] = []
    notes: list[Inexpressible] = []
    title = str(record.value(spec.title) or record.id)
    for name in sorted(targets):
        target = targets[name]
        maker = _Maker(record, title, target, notes)
        if target.view is not None and target.link is not None:
            actions += maker.keep_in_step(target.view, target.link)
        elif target.link is None and target.may_create:
            actions += maker.create()
    return tuple(actions), tuple(notes)


@dataclass
class _Maker:
    """Writes for one record in one connection; collects what cannot be expressed."""

    record: Record
    title: str
    target: Target
    notes: list[Inexpressible]

    def keep_in_step(self, view: View, link: Link) -> list[Action]:
        wanted = self.record.value(EXISTENCE)
        if EXISTENCE not in self.target.kept and wanted in (PRESENT, ARCHIVED):
            if wanted == ARCHIVED:
                return self._archive(view, link)
            if view.existence == ARCHIVED:
                return [self._action(Op.RESTORE, link, why=self._why(EXISTENCE))]
        if view.existence == ARCHIVED:
            return []
        writes = [w for name in sorted(view.fields) if (w := self._update(name, view, link))]
        if not writes:
            return []
        base = {w.remote: view.fields[w.field].raw for w in writes}
        return [self._action(Op.UPDATE, link, tuple(writes), base)]

    def create(self) -> list[Action]:
        if self.record.value(EXISTENCE) != PRESENT:
            return []
        writes = [w for name in sorted(self.target.bindings) if (w := self._initial(name))]
        return [self._action(Op.CREATE, None, tuple(writes), why="no twin yet")]

    def _archive(self, view: View, link: Link) -> list[Action]:
        how = self.target.mapping.archive
        if view.existence == ARCHIVED or how.get("how") == "none":
            return []
        return [self._action(Op.ARCHIVE, link, why=self._why(EXISTENCE))]

    def _update(self, name: str, view: View, link: Link) -> FieldWrite | None:
        shown = view.fields[name]
        bound = shown.bound
        agreed = self.record.agreed.get(name)
        if agreed is None or name in self.target.kept or bound.mapping.direction not in WRITABLE:
            return None
        if shown.reading.value is MISSING:
            return None
        expression = self._express(name, bound, agreed.value, shown.raw)
        if expression is None or not self._needed(expression, shown, link.fields.get(name)):
            return None
        if not bound.info.writable:
            self._note(name, f"{bound.info.name} is read-only there")
            return None
        return self._write(name, bound, shown.reading.value, agreed.value, expression)

    def _needed(self, wanted: Expression, shown: FieldView, memory: LinkField | None) -> bool:
        """Whether the system shows something else, and not merely its own form of what was asked."""
        if same_raw(wanted.raw, shown.raw):
            return False
        asked = memory and memory.asked is not MISSING and same_raw(memory.asked, wanted.raw)
        if asked and memory and same_raw(memory.got, shown.raw):
            return False
        if isinstance(wanted.raw, dict) and "name" in wanted.raw:
            return True
        return read(shown.bound, wanted.raw, self.target.lookup).value != shown.reading.value or (
            wanted.cut
        )

    def _initial(self, name: str) -> FieldWrite | None:
        bound = self.target.bindings[name]
        value = self.record.value(name)
        if value is None or bound.mapping.direction is Direction.PULL or name in self.target.kept:
            return None
        if not bound.info.writable:
            return None
        expression = self._express(name, bound, value, MISSING)
        return self._write(name, bound, None, value, expression) if expression else None

    def _express(
        self, name: str, bound: Bound, value: Value, current: Raw | Missing
    ) -> Expression | None:
        try:
            return express(bound, value, current, self.target.lookup)
        except NotExpressible as error:
            self._note(name, str(error))
            return None

    def _write(
        self, name: str, bound: Bound, old: Seen, new: Value, wanted: Expression
    ) -> FieldWrite:
        rule = self.record.agreed[name].rule if name in self.record.agreed else ""
        why = self._why(name)
        return FieldWrite(name, bound.info.id, old, new, wanted.raw, why, rule, wanted.cut)

    def _why(self, name: str) -> str:
        agreed = self.record.agreed.get(name)
        if agreed is None or agreed.connection is None:
            return "agreed"
        return f"{agreed.by or 'set'} in {agreed.connection}"

    def _note(self, name: str, reason: str) -> None:
        self.notes.append(
            Inexpressible(self.record.id, self.title, self.target.connection, name, reason)
        )

    def _action(
        self,
        op: Op,
        link: Link | None,
        writes: tuple[FieldWrite, ...] = (),
        base: Mapping[str, Raw | Missing] | None = None,
        why: str = "",
    ) -> Action:
        mapping = self.target.mapping
        agreed = self.record.agreed.get(EXISTENCE)
        return Action(
            client=self.record.client,
            record=self.record.id,
            entity=self.record.entity,
            title=self.title,
            connection=self.target.connection,
            op=op,
            object=mapping.object,
            level=self.target.level,
            remote_id=link.remote_id if link else None,
            container=link.container if link else self.target.container,
            container_of=None if link else self.target.container_of,
            writes=writes,
            base=base or {},
            template=mapping.template if op is Op.CREATE else None,
            archive=mapping.archive if op in (Op.ARCHIVE, Op.RESTORE) else None,
            why=why,
            rule=agreed.rule if agreed and op in (Op.ARCHIVE, Op.RESTORE) else "",
        )
