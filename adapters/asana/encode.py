"""Raw values as Asana wants them in a request. Pure: what needs looking up is done before."""

from collections.abc import Mapping
from typing import Any, Final

from adapters.asana.client import Row
from adapters.asana.richtext import to_html
from adapters.asana.shapes import CUSTOM
from syncer.adapterkit.errors import SkipRecord
from syncer.model.remote import FieldInfo, Fields, Raw
from syncer.model.values import Kind, parse_number

DATES: Final = ("due", "start")


def refuse(reason: str) -> SkipRecord:
    """One value cannot be written; the others can."""
    return SkipRecord(reason)


def native(id: str, raw: Raw, *, blocks: bool) -> Row:
    """A simple field of a task or project. ``blocks``: rich text may have headings."""
    if id == "notes":
        return {"html_notes": to_html(_text(raw), blocks=blocks)}
    if id == "name":
        return {"name": _text(raw) or ""}
    if id == "completed":
        return {"completed": raw is True}
    return {id: raw}


def _text(raw: Raw) -> str | None:
    if raw is not None and not isinstance(raw, str):
        raise refuse(f"not text: {raw!r}")
    return raw


def dates(fields: Fields, now: Fields) -> Row:
    """Due and start. A start goes along with the due date, in the same request (guide, "Task").

    Args:
        fields: what is to be written, of ``due`` and ``start``.
        now: what the record has at present; needed for a start without a new due date.

    Raises:
        SkipRecord: this start cannot stand beside this due date.
    """
    due = fields["due"] if "due" in fields else now.get("due")
    sent = _date("due", due)
    if "start" not in fields:
        return sent
    start = fields["start"]
    if start is not None and due is None:
        raise refuse("Asana keeps a start only together with a due date")
    if _timed(start) and not _timed(due):
        raise refuse("Asana keeps a start time only together with a due time")
    return sent | _date("start", start)


def _timed(raw: Raw) -> bool:
    return isinstance(raw, str) and len(raw) > 10


def _date(name: str, raw: Raw) -> Row:
    if raw is not None and not isinstance(raw, str):
        raise refuse(f"not a date: {raw!r}")
    return {f"{name}_at": raw} if _timed(raw) else {f"{name}_on": raw}


def custom(info: FieldInfo, raw: Raw) -> Row:
    """A custom field for the map of them; names of new options are ids by now."""
    return {info.id.removeprefix(CUSTOM): _custom(info, raw)}


def _custom(info: FieldInfo, raw: Raw) -> Any:
    kind = info.type.kind
    if info.type.many:
        return list(raw) if isinstance(raw, list) else []
    if kind is Kind.TEXT:
        return _limited(info, _text(raw) or "")
    if kind is Kind.MONEY:
        return _number(_amount(info, raw))
    if kind is Kind.NUMBER:
        return _number(raw)
    if kind is Kind.WHEN and raw is not None:
        return {"date_time" if _timed(raw) else "date": raw}
    return raw


def _limited(info: FieldInfo, text: str) -> str:
    if info.max_length is not None and len(text) > info.max_length:
        raise refuse(f"{info.name} holds {info.max_length} characters, not {len(text)}")
    return text


def _amount(info: FieldInfo, raw: Raw) -> Raw:
    if not isinstance(raw, dict):
        return raw
    held = [option.id for option in info.options]
    told = raw.get("currency")
    if told is not None and held and told not in held:
        raise refuse(f"{info.name} holds {held[0]}, not {told}")
    return raw.get("amount")


def _number(raw: Raw) -> int | float | None:
    if raw is None:
        return None
    try:
        told = parse_number(raw)
    except ValueError as error:
        raise refuse(str(error)) from None
    return int(told) if told == told.to_integral_value() else float(told)


def difference(now: Raw, base: Raw, wanted: Raw) -> tuple[set[str], set[str]]:
    """What to add to a set and what to take out, so that what others added stays.

    Args:
        now: the set as it is; only what is missing is added, only what is there taken out.
        base: the set that the wish was made for.
        wanted: the set wished for.
    """
    have, before, after = members(now), members(base), members(wanted)
    return (after - before) - have, (before - after) & have


def members(raw: Raw) -> set[str]:
    """A set's members."""
    return {str(item) for item in raw} if isinstance(raw, list) else set()


def merged(now: Raw, base: Raw, wanted: Raw) -> Raw:
    """A set that can only be replaced whole, with what others added meanwhile."""
    add, remove = difference(now, base, wanted)
    return sorted((members(now) - remove) | add) or None


def named(raw: Raw) -> str | None:
    """The name of an option that is asked for by name."""
    name = raw.get("name") if isinstance(raw, Mapping) else None
    return name if isinstance(name, str) and name.strip() else None
