"""Raw values as Trello takes them; the inverse of decoding."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from adapters.trello.fields import CUSTOM
from syncer.adapterkit.errors import SkipRecord
from syncer.model.remote import FieldInfo, Raw
from syncer.model.values import Kind

_KEYS: Final = {
    Kind.TEXT: "text",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "checked",
    Kind.INSTANT: "date",
}


def native(field: str, value: Raw) -> Any:
    """A card's or board's own field; empty text is the empty string, empty dates are null."""
    if field in ("name", "desc"):
        return value or ""
    return bool(value) if field == "dueComplete" else value


def custom(info: FieldInfo, value: Raw, option: Callable[[Raw], str]) -> dict[str, Any]:
    """An item of ``customFieldItems``: everything but options travels as a string.

    Raises:
        SkipRecord: the value is of another kind than the field.
    """
    item: dict[str, Any] = {"idCustomField": info.id.removeprefix(CUSTOM)}
    kind = info.type.kind
    if kind is Kind.ENUMERATION:
        return item | {"idValue": "" if value is None else option(value)}
    if value is None or value == "":
        return item | {"value": ""}
    if kind is Kind.BOOLEAN:
        value = "true" if value is True else "false"
    if not isinstance(value, str):
        raise SkipRecord(f"{info.name} does not take {value!r}")
    return item | {"value": {_KEYS[kind]: value}}


def wire_name(said: str, sent: Mapping[str, Any]) -> str | None:
    """Which of the keys sent a refusal names ("invalid value for idList")."""
    words = said.replace(":", " ").replace(",", " ").split()
    return next((key for key in sent if key in words), None)
