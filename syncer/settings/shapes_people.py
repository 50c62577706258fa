"""The model of ``config/people.yaml``."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, RootModel

from syncer.settings.anatomy import Instead
from syncer.settings.shapes import Days, Name, Shape, Text, Zone


def _email(value: str) -> str:
    local, _, domain = value.partition("@")
    if not local or "." not in domain or any(c.isspace() for c in value):
        raise ValueError("not an e-mail address")
    return value


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _real_day(value: object) -> object:
    day = _day(value)
    if day is None:
        raise ValueError('not a day; write it like "2026-01-31"')
    return day


Day = Annotated[date, BeforeValidator(_real_day, json_schema_input_type=str)]


class PersonLine(Shape):
    """A person of the agency. All other keys name a connection or a system: their id there."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Text]

    name: Annotated[Text, Instead("?")] = Field(description="How messages call them.")
    email: Annotated[str, AfterValidator(_email)] | None = Field(
        None, description="Finds them in tools that show addresses and have no id here."
    )
    zone: Zone | None = Field(None, description="Their time zone; working days count in it.")
    away: tuple[Days, ...] = Field(
        (), description="Days out of office, like `2026-07-01 to 2026-07-14`."
    )
    left: Day | None = Field(None, description="Their last day at the agency.")
    successor: Name | None = Field(
        None, description="Who takes over what waits for somebody who left."
    )


class PeopleFile(RootModel[dict[Name, PersonLine]]):
    """Everybody at the agency, each once, under a short key."""
