"""What a property takes, and what is stored of it."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from msgspec import Struct, field

from adapters.hubspot.sandbox.answers import Problem, stamp
from adapters.hubspot.sandbox.bodies import cleaned
from adapters.hubspot.sandbox.standard import Definition

MAX_TEXT: Final = 65536
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class BadValueError(ValueError):
    """A value that a property does not take. Holds HubSpot's code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Rules(Struct, frozen=True):
    """What values are checked against.

    Args:
        owners: ids of owners.
        stages: ids of stages by pipeline.
        lenient: version 2026-09 puts dates in order that older ones refuse.
        most: the largest number that a property's MAX_NUMBER validation rule lets in.
    """

    owners: Collection[str]
    stages: Mapping[str, Collection[str]]
    lenient: bool = True
    most: Mapping[str, Decimal] = field(default_factory=dict)

    def stored(self, told: Definition, value: Any, before: str) -> str:
        """The text to store for a value sent. Raises :class:`BadValueError`."""
        text = _text(value)
        if told["calculated"] or told["modificationMetadata"]["readOnlyValue"]:
            raise BadValueError("READ_ONLY_VALUE", f'"{told["name"]}" is a read only property')
        if text == "":
            return ""
        if told["type"] != "string" and text != text.strip():
            raise BadValueError("INVALID_VALUE", f'"{text}" has blanks at its ends')
        return self._typed(told, text, before)

    def _typed(self, told: Definition, text: str, before: str) -> str:
        type = told["type"]
        if type == "number":
            return _number(text, self.most.get(told["name"]))
        if type == "bool":
            return _boolean(text)
        if type == "date":
            return self._day(text)
        if type == "datetime":
            return self._moment(text)
        if type == "enumeration":
            return self._choices(told, text, before)
        if len(text) > MAX_TEXT:
            raise BadValueError("PROPERTY_VALUE_TOO_LONG", f"longer than {MAX_TEXT} characters")
        return cleaned(text) if told["fieldType"] == "html" else text

    def _day(self, text: str) -> str:
        if len(text) == 10 and not text.isdecimal():
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                raise BadValueError("INVALID_DATE", f'"{text}" is not a date') from None
        moment = _moment(text)
        if moment.timetz() != _EPOCH.timetz() and not self.lenient:
            raise BadValueError("INVALID_DATE", f"{text} is at {moment.time()} UTC, not midnight!")
        return moment.date().isoformat()

    def _moment(self, text: str) -> str:
        if len(text) == 10 and not text.isdecimal():
            if not self.lenient:
                raise BadValueError("INVALID_DATE", f'"{text}" is not a date and time')
            return stamp(_moment(f"{self._day(text)}T00:00:00Z"))
        return stamp(_moment(text))

    def _choices(self, told: Definition, text: str, before: str) -> str:
        if told["fieldType"] != "checkbox":
            return self._choice(told, text)
        added = [part for part in text.split(";") if part]
        kept = before.split(";") if text.startswith(";") and before else []
        return ";".join(dict.fromkeys([*kept, *(self._choice(told, part) for part in added)]))

    def _choice(self, told: Definition, value: str) -> str:
        if value in self._allowed(told):
            return value
        raise BadValueError("INVALID_OPTION", f"{value} was not one of the allowed options")

    def _allowed(self, told: Definition) -> Collection[str]:
        if told.get("referencedObjectType") == "OWNER":
            return self.owners
        if told["name"] == "pipeline":
            return self.stages.keys()
        if told["name"] == "dealstage":
            return {stage for stages in self.stages.values() for stage in stages}
        return {option["value"] for option in told["options"]}


def misplaced_stage(
    values: Mapping[str, str], stages: Mapping[str, Collection[str]]
) -> list[Problem]:
    """A stage that is not one of the deal's pipeline."""
    line, stage = values.get("pipeline", ""), values.get("dealstage", "")
    if not stage or stage in stages.get(line, ()):
        return []
    return [Problem("dealstage", "INVALID_OPTION", f"{stage} is not a stage of pipeline {line}")]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise BadValueError("INVALID_VALUE", "neither text nor number")


def _number(text: str, most: Decimal | None) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise BadValueError("INVALID_LONG", f"{text} was not a valid number.")
    if most is not None and number > most:
        # That writes are refused is documented, which of the INVALID_... codes comes is not.
        raise BadValueError("INVALID_LONG", f"{text} is more than {most}, the most allowed.")
    return text


def _boolean(text: str) -> str:
    if text.lower() not in ("true", "false"):
        raise BadValueError(
            "INVALID_OPTION", f"{text} was not one of the allowed options: true, false"
        )
    return text.lower()


def _moment(text: str) -> datetime:
    try:
        if text.lstrip("-").isdecimal():
            return _EPOCH + timedelta(milliseconds=int(text))
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise BadValueError("INVALID_DATE", f'"{text}" is not a date') from None
    if moment.tzinfo is None:
        raise BadValueError("INVALID_DATE", f'"{text}" has no time zone')
    return moment.astimezone(UTC)
