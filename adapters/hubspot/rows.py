"""Writes on their way: what is still to be sent of each, and what became of the rest."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from adapters.hubspot.decode import fields_of_row
from adapters.hubspot.schema import COMPANY
from adapters.hubspot.shapes import mapping, word
from adapters.hubspot.values import CURRENCY, decode, encode, moment_or_none, option_named
from adapters.hubspot.wire import Row
from syncer.model.remote import FieldInfo, Option, Outcome, Raw, Result, Write
from syncer.model.values import Kind

MakeOptions = Callable[[FieldInfo, Sequence[str]], tuple[Option, ...]]


class Pending(Struct):
    """One write. ``properties`` holds, per field, what is still to be sent for it; ``sets``
    has the members of those that hold several, where we know what they had.
    """

    write: Write
    infos: Mapping[str, FieldInfo]
    properties: dict[str, dict[str, str]] = field(default_factory=dict)
    sets: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    stale: dict[str, Raw] = field(default_factory=dict)
    got: dict[str, Raw] = field(default_factory=dict)
    tries: int = 0

    @property
    def sent(self) -> dict[str, str]:
        """All properties still to be sent."""
        return {name: text for part in self.properties.values() for name, text in part.items()}

    def field_of(self, name: str) -> str | None:
        """The field that a property is sent for."""
        return next((id for id, part in self.properties.items() if name in part), None)

    def refuse(self, field: str, reason: str) -> None:
        """Send this field no more."""
        self.properties.pop(field, None)
        self.sets.pop(field, None)
        self.refused[field] = reason

    def shows_all(self, row: Row) -> bool:
        """Whether an answer tells what each field sent now holds."""
        told = self._told(row)
        names = {CURRENCY for id in self.properties if self._is_money(id)} | self.sent.keys()
        return all(name in told or self.sent.get(name) == "" for name in names)

    def is_held_by(self, row: Row) -> bool:
        """Whether a record shows what was to be sent."""
        told = mapping(row.get("properties"))
        return all(_holds(self.infos[id], part, told) for id, part in self.properties.items())

    def landed(self, row: Row, at: datetime) -> Outcome:
        """The outcome for a row that was answered."""
        infos = {id: self.infos[id] for id in self.properties}
        id = word(row.get("id"))
        got = fields_of_row(self.write.object, id, self._told(row), infos)
        return self.ended(
            Result.DONE,
            id=id,
            got={**self.got, **got},
            as_of=moment_or_none(row.get("updatedAt")) or at,
            url=word(row.get("url")) or None,
        )

    def ended(self, result: Result, reason: str = "", **more: Any) -> Outcome:
        """The outcome, with what is known so far."""
        outcome = Outcome(
            self.write.intent,
            result,
            id=self.write.id,
            container=self.write.container,
            got=dict(self.got),
            stale=dict(self.stale),
            refused=dict(self.refused),
            reason=reason,
        )
        return replace(outcome, **more)

    def _told(self, row: Row) -> dict[str, Any]:
        # An answer shows what was sent; the currency of an amount was not, if it stays.
        base = [self.write.base.get(id) for id in self.properties if self._is_money(id)]
        known = [mapping(raw).get("currency") for raw in base]
        believed = next(filter(None, known), None)
        return ({CURRENCY: believed} if believed else {}) | mapping(row.get("properties"))

    def _is_money(self, id: str) -> bool:
        return self.infos[id].type.kind is Kind.MONEY


def _holds(info: FieldInfo, part: Mapping[str, str], told: Mapping[str, Any]) -> bool:
    try:
        asked, held = decode(info, {**told, **part}), decode(info, told)
    except ValueError:
        return False
    if part[info.id].startswith(";") and isinstance(asked, list) and isinstance(held, list):
        return set(asked) <= set(held)
    return asked == held


def prepared(write: Write, infos: Mapping[str, FieldInfo], make: MakeOptions) -> Pending:
    """What is to be sent for a write; fields that cannot be written are refused here."""
    pending = Pending(write, dict(infos))
    for id, raw in write.fields.items():
        info = infos.get(id)
        if info is None or not info.writable:
            known = "is read-only" if info else "is not a property of this object"
            pending.refused[id] = f"{id} {known}"
        elif id == COMPANY and info.type.kind is Kind.REFERENCE:
            continue
        else:
            _encode(pending, info, raw, make)
    return pending


def _encode(pending: Pending, info: FieldInfo, raw: Raw, make: MakeOptions) -> None:
    write = pending.write
    try:
        chosen, raw = _chosen(info, raw, write.container, make)
        pending.infos = {**pending.infos, info.id: chosen}
        pending.properties[info.id] = encode(chosen, raw, write.base.get(info.id))
    except ValueError as error:
        pending.refused[info.id] = str(error)
        return
    if info.type.many and info.id in write.base:
        pending.sets[info.id] = [str(item) for item in raw] if isinstance(raw, list) else []


def _chosen(
    info: FieldInfo, raw: Raw, container: str | None, make: MakeOptions
) -> tuple[FieldInfo, Raw]:
    """Choices given by name as ids; those that are missing are made where that is allowed."""
    if info.type.kind is not Kind.ENUMERATION:
        return info, raw
    named = [item for item in (raw if isinstance(raw, list) else [raw]) if isinstance(item, dict)]
    names = [word(item.get("name")) for item in named]
    missing = [name for name in names if option_named(info.options, name, container) is None]
    if missing and not info.extensible:
        raise ValueError(f"{info.name} has no choice {missing[0]!r}")
    if missing:
        info = replace(info, options=make(info, missing))
    if isinstance(raw, list):
        return info, [_id_of(info, item, container) for item in raw]
    return info, _id_of(info, raw, container)


def _id_of(info: FieldInfo, item: Raw, container: str | None) -> Raw:
    if not isinstance(item, dict):
        return item
    found = option_named(info.options, word(item.get("name")), container)
    if found is None:
        raise ValueError(f"{info.name} has no choice {word(item.get('name'))!r}")
    return found.id
