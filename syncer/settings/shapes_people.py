"""The model of ``config/people.yaml``."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator, ConfigDict, Field, RootModel, WithJsonSchema

from syncer.settings.anatomy import Instead
from syncer.settings.shapes import (
    AsKeys,
    AsList,
    AsText,
    ByForm,
    ClockTime,
    Day,
    Days,
    Hours,
    Name,
    Shape,
    Text,
    Texts,
    Zone,
)

OTHERWISE: Final = "otherwise"
"""How the file calls every client that `home` does not name."""


def _email(value: str) -> str:
    local, _, domain = value.partition("@")
    if not local or "." not in domain or any(c.isspace() for c in value):
        raise ValueError("not an e-mail address")
    return value


if TYPE_CHECKING:
    Away = tuple[tuple[date, date], ...]
else:
    Away = Annotated[
        Annotated[Days, AsText] | Annotated[tuple[Days, ...], AsList],
        ByForm,
        AfterValidator(lambda said: (said,) if said and isinstance(said[0], date) else said),
    ]
Home = Annotated[Annotated[Name, AsText] | Annotated[dict[Name, Name], AsKeys], ByForm]


Email = Annotated[
    str,
    AfterValidator(_email),
    WithJsonSchema({"type": "string", "pattern": r"^[^@\s]+@\S*\.\S*$"}),
]


class PersonLine(Shape):
    """A person of the agency. All other keys name a connection or a system: their id there."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Text]

    name: Annotated[Text, Instead("?")] = Field(description="How messages call them.")
    email: Email | None = Field(
        None, description="Finds them in tools that show addresses and have no id here."
    )
    zone: Zone | None = Field(None, description="Their time zone; working days count in it.")
    away: Away = Field(
        (), description="Days out of office, like `2026-07-01 to 2026-07-14`; one or a list."
    )
    deputy: Name | None = Field(
        None, description="Who answers in their place while they are away; a key of this file."
    )
    left: Day | None = Field(None, description="Their last day at the agency.")
    successor: Name | None = Field(
        None, description="Who takes over what waits for somebody who left."
    )
    home: Home | None = Field(
        None,
        description="The connection or system where a heads-up reaches them, before their role's;"
        " also by client: `{bakery: trello, otherwise: asana}`.",
    )
    quiet: Hours | None = Field(
        None, description="When they are left alone, in their time zone; instead of `notices`'."
    )
    digest: ClockTime | None = Field(
        None, description="When they hear of what had to wait; instead of `notices`'."
    )
    addresses: Texts = Field(
        (),
        description="Chat or mail besides, as `env:NAME` or `file:PATH` of an apprise address.",
    )


class PeopleFile(RootModel[dict[Name, PersonLine]]):
    """Everybody at the agency, each once, under a short key."""
