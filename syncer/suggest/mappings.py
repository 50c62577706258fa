"""How well a mapping fits what a tool really has: its variant, its fields and their options."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from rapidfuzz import fuzz

from syncer.model.entities import Schema
from syncer.model.remote import Catalogue, FieldInfo
from syncer.model.values import Kind
from syncer.reconcile.names import fits
from syncer.suggest.names import MAYBE, SURE, alike, folded
from syncer.suggest.words import FIELDS, VALUES

_TEXTS: Final = frozenset({Kind.TEXT, Kind.RICH_TEXT})
_DATES: Final = frozenset({Kind.DATE, Kind.INSTANT, Kind.WHEN})
_NUMBERS: Final = frozenset({Kind.NUMBER, Kind.MONEY})
_CLOSE: Final = (_TEXTS, _DATES, _NUMBERS, _TEXTS | {Kind.ENUMERATION}, _TEXTS | {Kind.PERSON})
"""Kinds that can stand for each other."""


_ADORNED: Final = 0.97


class Line(Struct, frozen=True):
    """One line of a mapping as it is written: our field, and the tool's.

    Args:
        values: canonical value to names of options; None where it has none.
    """

    entity: str
    field: str
    kind: Kind
    object: str
    remote: str
    custom: bool
    values: Mapping[str, tuple[str, ...]] | None = None


class FieldIdea(Struct, frozen=True):
    """What a line means in the tools as they are.

    ``found`` is the name of the tool's field with how well it fits: 1 if it is the line's own.
    None if there is nothing like it.
    """

    line: Line
    found: str | None
    score: float = 0.0

    @property
    def missing(self) -> bool:
        """Whether the tool has no field of the line's own name."""
        return self.score < 1

    @property
    def sure(self) -> bool:
        """Whether it can be taken as it is."""
        return self.found is not None and self.score >= SURE


class OptionIdea(Struct, frozen=True):
    """An option that a line does not name, and which of our values it may mean."""

    line: Line
    name: str
    value: str | None
    score: float

    @property
    def sure(self) -> bool:
        """Whether it can be taken as it is."""
        return self.value is not None and self.score >= SURE


def lines(variant: Mapping[str, Any], schema: Schema) -> list[Line]:
    """The lines of a variant that carry a field of ours.

    Args:
        variant: plain data of a mapping file that is right.
        schema: our entities.
    """
    found = []
    for entity, told in variant.items():
        spec = schema[entity].fields
        for name, said in told.get("fields", {}).items():
            if name in spec:
                found.append(_line(entity, name, spec[name].type.kind, told["object"], said))
    return found


def _line(entity: str, field: str, kind: Kind, object: str, said: Any) -> Line:
    if isinstance(said, str):
        return Line(entity, field, kind, object, said, custom=False)
    told = said.get("values")
    values = (
        {
            value: (names,) if isinstance(names, str) else tuple(names)
            for value, names in told.items()
        }
        if isinstance(told, Mapping)
        else None
    )
    custom = "custom_field" in said
    return Line(
        entity, field, kind, object, said["custom_field" if custom else "field"], custom, values
    )


def fit(variant: Mapping[str, Any], schema: Schema, catalogue: Catalogue) -> float:
    """From 0 to 1: how much of a variant is there. 0 where its one board or project is not."""
    boxes = [told.get("board") or told.get("project") for told in variant.values()]
    named = {folded(name) for name in catalogue.containers.values()}
    if any(box and folded(box) not in named for box in boxes):
        return 0.0
    known = lines(variant, schema)
    here = [line for line in known if _own(line, _fields([catalogue], line.object))]
    return round(len(here) / len(known), 2) if known else 0.0


def fields(known: Sequence[Line], catalogues: Sequence[Catalogue]) -> list[FieldIdea]:
    """What each line means; a field that is another line's own is none's."""
    return [_field(line, known, catalogues) for line in known]


def lacking(line: Line, catalogues: Sequence[Catalogue]) -> int:
    """In how many places the line's own field is not there, although its object is."""
    here = [each for each in catalogues if line.object in each.objects]
    return sum(not _own(line, _fields([each], line.object)) for each in here)


def _field(line: Line, known: Sequence[Line], catalogues: Sequence[Catalogue]) -> FieldIdea:
    infos = _fields(catalogues, line.object)
    if _own(line, infos):
        return FieldIdea(line, line.remote, 1.0)
    others = {folded(each.remote) for each in known if each.object == line.object}
    scored = [
        (_field_score(line, info), info.name)
        for info in infos
        if info.custom == line.custom
        and info.writable
        and _compatible(line.kind, info.type.kind)
        and not {folded(info.name), folded(info.id)} & others
    ]
    best = max(scored, default=(0.0, ""))
    return FieldIdea(line, best[1], best[0]) if best[0] >= MAYBE else FieldIdea(line, None)


def _field_score(line: Line, info: FieldInfo) -> float:
    """Never 1: that is for the line's own field."""
    names = {line.remote, line.field.replace("_", " ")}
    if line.custom and folded(info.name) in FIELDS.get(line.field, ()):
        return 0.95
    best = max(alike(name, info.name) for name in names)
    # What a tool has by itself is named by its makers: alike is not the same.
    return min(best, 0.95 if line.custom else SURE - 0.01)


def _fields(catalogues: Iterable[Catalogue], object: str) -> list[FieldInfo]:
    infos = (catalogue.objects.get(object) for catalogue in catalogues)
    return [field for info in infos if info is not None for field in info.fields]


def _own(line: Line, infos: Iterable[FieldInfo]) -> bool:
    return any(i.custom == line.custom and line.remote in (i.id, i.name) for i in infos)


def _compatible(ours: Kind, theirs: Kind) -> bool:
    return ours == theirs or any(ours in group and theirs in group for group in _CLOSE)


def options(known: Sequence[Line], catalogues: Sequence[Catalogue]) -> Iterator[OptionIdea]:
    """Options that people use and no line names, each once, with what it may mean."""
    for line in known:
        if line.values is None:
            continue
        told = _options(line, catalogues)
        for name in dict.fromkeys(told):
            if not any(fits(each, name) for names in line.values.values() for each in names):
                yield _option(line, name)


def _options(line: Line, catalogues: Sequence[Catalogue]) -> list[str]:
    infos = [i for i in _fields(catalogues, line.object) if line.remote in (i.id, i.name)]
    return [o.name for i in infos if i.custom == line.custom for o in i.options if o.active]


def _option(line: Line, name: str) -> OptionIdea:
    scored = sorted(
        (
            (_option_score(value, names, name), value)
            for value, names in (line.values or {}).items()
        ),
        reverse=True,
    )
    (best, value), *others = scored or [(0.0, "")]
    even = bool(others) and others[0][0] >= best
    guess = value if best >= MAYBE and not even else None
    return OptionIdea(line, name, guess, best if guess else 0.0)


def _option_score(value: str, names: Iterable[str], name: str) -> float:
    """How likely a name means one of our values: it is a word for it, or nearly."""
    known = {folded(each) for each in (value.replace("_", " "), *names) if "*" not in each}
    known |= set(VALUES.get(value, ()))
    said = folded(name)
    if said in known:
        return 1.0
    # "1. To do", "DONE! 🎉": people adorn the words that they mean.
    if _bare(said) and _bare(said) in map(_bare, known):
        return _ADORNED
    return round(max(fuzz.ratio(said, each) for each in known) / 100 - 0.01, 2)


def _bare(text: str) -> str:
    """The letters of a name."""
    return " ".join(re.findall(r"[^\W\d_]+", text))
