"""What the models of all files have in common: the base, and values written as short text."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Tag,
    WithJsonSchema,
)
from pydantic import Discriminator as Choose

from syncer.model.entities import BUILTIN

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION: Final = re.compile(r"(\d{1,6})\s*([smhd])")
_WORKING_DAYS: Final = re.compile(r"(\d{1,3}) working days?")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_DAYS: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:(?: to |\s*\.\.\s*)(\d{4}-\d\d-\d\d))?")
_HOURS: Final = re.compile(r"(\S+)\s*(?:-| to )\s*(\S+)")

NEVER: Final = (time(0), time(0))
"""Hours that are over when they begin."""


class Shape(BaseModel):
    """Base of the models: unknown keys are errors, values are frozen, inputs never shown."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        defer_build=True,  # a command uses few of them
    )


def form(value: object) -> str:
    """Which spelling of a value was used, where several are allowed."""
    if isinstance(value, dict):
        return "<keys>"
    return "<list>" if isinstance(value, list | tuple) else "<text>"


ByForm: Final = Choose(form)
AsText: Final = Tag("<text>")
AsKeys: Final = Tag("<keys>")
AsList: Final = Tag("<list>")


def duration(value: object) -> object:
    """``90s``, ``15m``, ``24h`` or ``2d`` as a time span."""
    parts = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not parts:
        raise ValueError('not a time span; write it like "15m", "24h" or "2d"')
    return timedelta(**{_UNITS[parts[2]]: int(parts[1])})


def working_days(value: object) -> object:
    """``3 working days`` as a number of days."""
    parts = _WORKING_DAYS.fullmatch(value.strip()) if isinstance(value, str) else None
    if not parts or int(parts[1]) < 1:
        raise ValueError('not a term; write it like "3 working days"')
    return int(parts[1])


def clock(value: object) -> object:
    """``17:00`` as a time of day."""
    parts = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if not parts:
        raise ValueError('not a time of day; write it like "17:00"')
    return time(int(parts[1]), int(parts[2]))


def day(value: object) -> object:
    """``2026-01-31`` as a day."""
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError('not a day; write it like "2026-01-31"')


def hours(value: object) -> object:
    """``19:00-08:00`` as from when until when; ``none`` as never, which is from 0:00 to 0:00."""
    if value == "none":
        return NEVER
    parts = _HOURS.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if parts:
            first, last = clock(parts[1]), clock(parts[2])
            if first != last:
                return first, last
    except ValueError:
        pass
    raise ValueError('not a span of hours; write it like "19:00-08:00", or "none"')


def days(value: object) -> object:
    """``2026-07-01 to 2026-07-14`` (or ``..``), or one day, as the first and the last day."""
    parts = _DAYS.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if parts:
            first = date.fromisoformat(parts[1])
            last = date.fromisoformat(parts[2] or parts[1])
            if first <= last:
                return first, last
    except ValueError:
        pass
    raise ValueError('not a span of days; write it like "2026-07-01 to 2026-07-14"')


def zone(value: str) -> str:
    """The name of a time zone that exists."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('not a time zone; write it like "Europe/London"') from None
    return value


def name(value: str) -> str:
    """A name that people type on command lines and in conditions."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", value):
        raise ValueError('not a name; use letters, digits, "_", "-" and "."')
    return value


def field_name(value: str) -> str:
    """A canonical field's name; it must also work in a condition."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", value):
        raise ValueError('not a field name; use small letters, digits and "_"')
    return value


def filled(value: str) -> str:
    """Text that says something."""
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _some(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError("must not be empty")
    return value


def _written(read: Callable[[object], object], *forms: str) -> BeforeValidator:
    """A value that is written as text; the forms are for editors, which only look at it."""
    pattern = rf"^\s*({'|'.join(forms)})\s*$"
    return BeforeValidator(read, json_schema_input_type=Annotated[str, Field(pattern=pattern)])


_AT: Final = r"([01]\d|2[0-3]):[0-5]\d"
_ON: Final = r"\d{4}-\d\d-\d\d"

Duration = Annotated[timedelta, _written(duration, r"\d{1,6}\s*[smhd]")]
WorkingDays = Annotated[int, _written(working_days, r"\d{1,3} working days?")]
ClockTime = Annotated[time, _written(clock, _AT)]
Day = Annotated[date, _written(day, _ON)]
Hours = Annotated[tuple[time, time], _written(hours, "none", rf"{_AT}\s*(-| to )\s*{_AT}")]
Days = Annotated[tuple[date, date], _written(days, rf"{_ON}(( to |\s*\.\.\s*){_ON})?")]
Zone = Annotated[str, AfterValidator(zone)]
Name = Annotated[str, AfterValidator(name)]
EntityName = Annotated[Name, WithJsonSchema({"type": "string", "enum": sorted(BUILTIN)})]
"""The name of an entity; whether there is one is checked later, with a suggestion."""
FieldName = Annotated[str, AfterValidator(field_name)]
Text = Annotated[str, AfterValidator(filled)]
if TYPE_CHECKING:
    Texts = tuple[str, ...]
    SomeTexts = tuple[str, ...]
else:
    Texts = Annotated[
        Annotated[Text, AsText] | Annotated[tuple[Text, ...], AsList],
        ByForm,
        AfterValidator(_listed),
    ]
    SomeTexts = Annotated[Texts, AfterValidator(_some)]
"""One text, or a list of them; always a tuple afterwards. The second is never empty."""
