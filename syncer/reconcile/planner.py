"""A record's verdicts against its views: which writes make every system show what is agreed."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from syncer.model.decisions import Action, Bound, FieldView, FieldWrite, Inexpressible, View
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT, EntitySpec
from syncer.model.records import Link, Record
from syncer.model.remote import Op, Raw
from syncer.model.values import Missing
from syncer.reconcile.needs import NOTHING, Need, to_begin, to_update, why
from syncer.reconcile.targets import Target, local

__all__ = ["Planned", "Target", "plan_record"]

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


class _Maker(Struct):
    """Writes for one record in one connection; collects what cannot be expressed."""

    record: Record
    title: str
    target: Target
    notes: list[Inexpressible]

    def keep_in_step(self, view: View, link: Link) -> list[Action]:
        wanted = self.record.value(EXISTENCE)
        away = view.existence == ARCHIVED
        if self.target.put_away:
            return [] if away else self._archive(link, view)
        if EXISTENCE not in self.target.kept and wanted == ARCHIVED:
            return [] if away else self._archive(link, view)
        if away:
            back = wanted == PRESENT and EXISTENCE not in self.target.kept
            return [self._restore(link, view)] if back else []
        needs = {
            name: need
            for name, shown in view.fields.items()
            if (need := self._need(shown, link)) is not NOTHING and name not in self.target.kept
        }
        moved = self._moved(view) if self.target.moving else {}
        if not needs and not moved:
            return []
        writes = self._writes(needs | moved)
        base = {w.remote: view.fields[w.field].raw for w in writes if w.field not in moved}
        return [self._action(Op.UPDATE, link, writes, base)] if writes else []

    def _need(self, shown: FieldView, link: Link) -> Need:
        return to_update(self.record, shown, link.fields, self.target.lookup)

    def _moved(self, view: View) -> dict[str, Need]:
        """What it left behind, said anew in the words of the container it will be in."""
        here = {name: shown.bound.info.id for name, shown in view.fields.items()}
        return {
            name: self._begun(bound)
            for name, bound in self.target.moving.items()
            if local(bound) or here.get(name) != bound.info.id
        }

    def create(self) -> list[Action]:
        if self.record.value(EXISTENCE) != PRESENT:
            return []
        bindings = self.target.bindings
        writes = self._writes({name: self._begun(bound) for name, bound in bindings.items()})
        return [self._action(Op.CREATE, None, writes, why="no twin yet")]

    def _begun(self, bound: Bound) -> Need:
        kept = bound.mapping.field in self.target.kept
        return NOTHING if kept else to_begin(self.record, bound, self.target.lookup)

    def _archive(self, link: Link, view: View) -> list[Action]:
        way = _way(self.target.mapping.archive, view)
        if way.get("how") == "none":
            return []
        return [self._action(Op.ARCHIVE, link, why=why(self.record, EXISTENCE), way=way)]

    def _restore(self, link: Link, view: View) -> Action:
        """Back to where people see it; a field that says "archived" says what is agreed again."""
        way = _way(self.target.mapping.archive, view)
        telling = {n: b for n, b in view.bindings.items() if b.info.id == way.get("field")}
        writes = self._writes({name: self._begun(bound) for name, bound in telling.items()})
        return self._action(Op.RESTORE, link, writes, why=why(self.record, EXISTENCE), way=way)

    def _writes(self, needs: Mapping[str, Need]) -> tuple[FieldWrite, ...]:
        where = (self.record.id, self.title, self.target.connection)
        writes: list[FieldWrite] = []
        for name in sorted(needs):
            need = needs[name]
            if need.notes:
                self.notes.extend(Inexpressible(*where, name, note) for note in need.notes)
            if need.write is not None:
                writes.append(need.write)
        return tuple(writes)

    def _action(
        self,
        op: Op,
        link: Link | None,
        writes: Sequence[FieldWrite] = (),
        base: Mapping[str, Raw | Missing] | None = None,
        why: str = "",
        way: Mapping[str, str] | None = None,
    ) -> Action:
        mapping, agreed = self.target.mapping, self.record.agreed.get(EXISTENCE)
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
            writes=tuple(writes),
            base=base or {},
            template=mapping.template if op is Op.CREATE else None,
            archive=way,
            why=why,
            rule=agreed.rule if agreed and way is not None else "",
        )


def _way(archive: Mapping[str, str], view: View) -> Mapping[str, str]:
    """How a twin is archived, with the id of the field that says so instead of its name."""
    name = archive.get("field")
    found = [b.info.id for b in view.bindings.values() if name in (b.info.id, b.info.name)]
    return {**archive, "field": found[0]} if name is not None and found else archive
