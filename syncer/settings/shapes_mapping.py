"""The model of ``mappings/*.yaml``, and of a client's overrides of them."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from syncer.model.mapping import Direction, Otherwise
from syncer.settings.anatomy import Instead
from syncer.settings.shapes import (
    AsKeys,
    AsText,
    ByForm,
    ClockTime,
    EntityName,
    FieldName,
    Name,
    Shape,
    SomeTexts,
    Text,
    Texts,
    zone,
)


def _zone_or_client(value: str) -> str:
    return value if value == "client" else zone(value)


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError('not a currency; write it like "EUR"')
    return value


def _one_key(value: dict[str, str]) -> dict[str, str]:
    if len(value) != 1:
        raise ValueError('names one field and its option; write it like "{section: Archived}"')
    return value


Values = Annotated[
    Annotated[Literal["names"], AsText] | Annotated[dict[Text, SomeTexts], AsKeys], ByForm
]


Currency = Annotated[
    str,
    AfterValidator(_currency),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"}),
]


class FieldLine(Shape):
    """One canonical field in one field of the tool."""

    field: Text | None = Field(None, description="The tool's own field.")
    custom_field: Text | None = Field(None, description="Or: the name of a custom field.")
    direction: Direction = Field(
        Direction.BOTH,
        description="`pull` only reads it, `push` only writes it, `create` fills it in new twins.",
    )
    values: Values | None = Field(
        None,
        description="Our value to the tool's option name, or a list of names: the first is written,"
        " `*` matches any text. `names` takes every option name as it is.",
    )
    otherwise: Text | None = Field(
        None, description="What any other option means: `hold`, `keep`, or one of our values."
    )
    day_end: ClockTime | None = Field(
        None, description="The time that stands for the whole day, where the tool needs a time."
    )
    zone: Annotated[str, AfterValidator(_zone_or_client)] | None = Field(
        None, description="The zone of those days: `client` (the default) or a zone's name."
    )
    currency: Currency | None = Field(
        None, description="The currency, where the tool has only a number."
    )

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.field is None) == (self.custom_field is None):
            raise ValueError('names no field, or two; write either "field" or "custom_field"')
        return self

    @model_validator(mode="after")
    def _otherwise_is_said(self) -> Self:
        if isinstance(self.values, dict) and self.otherwise is None and not self._complete():
            raise ValueError(
                '"otherwise" is missing; say what an option means that is not listed: '
                "hold, keep, or one of our values"
            )
        if self.otherwise is not None and not isinstance(self.values, dict):
            raise ValueError('"otherwise" needs "values"; add them or remove it')
        return self

    def _complete(self) -> bool:
        listed = self.values.values() if isinstance(self.values, dict) else ()
        return any("*" in options for options in listed)

    @property
    def remote(self) -> str:
        """The name of the tool's field."""
        return self.field or self.custom_field or ""


FieldText = Annotated[
    Annotated[Text, AsText] | Annotated[FieldLine, AsKeys],
    ByForm,
]
Archive = Annotated[
    Annotated[Literal["closed", "none"], AsText]
    | Annotated[Annotated[dict[Name, Text], AfterValidator(_one_key)], AsKeys],
    ByForm,
]


class CreateLine(Shape):
    """When a new twin is made, and from what."""

    when: Text | None = Field(None, description="A condition over the record, in CEL.")
    template: Text | None = Field(None, description="Name of the thing that a new one copies.")


Create = Annotated[
    Annotated[Literal["always", "never"], AsText] | Annotated[CreateLine, AsKeys], ByForm
]

_OBJECT = "The tool's kind of record: `card`, `board`, `task`, `deal`, ..."
_MATCH = "Fields that must all be equal for two things to be the same at first contact."
_CREATE = "Whether new twins are made here: `always`, `never`, or `{when: ..., template: ...}`."
_WHEN = "A condition in CEL over the tool's record: what is in scope."
_ARCHIVE = "How a twin is archived: `closed`, `none`, or a field and its option."
_FIELDS = "Our field to the tool's."
_BOARD = "The one board that holds all of them, where several clients share it."
_PROJECT = "The same for a project."


class EntityLine(Shape):
    """One entity in one object of the tool."""

    object: Annotated[Name, Instead("?")] = Field(description=_OBJECT)
    match: Texts = Field((), description=_MATCH)
    create: Create = Field("never", description=_CREATE)
    when: Text | None = Field(None, description=_WHEN)
    archive: Archive = Field("closed", description=_ARCHIVE)
    board: Text | None = Field(None, description=_BOARD)
    project: Text | None = Field(None, description=_PROJECT)
    fields: dict[FieldName, FieldText] = Field(min_length=1, description=_FIELDS)

    @model_validator(mode="after")
    def _one_container(self) -> Self:
        if self.board and self.project:
            raise ValueError('"board" and "project" exclude each other; keep one')
        return self

    @property
    def container(self) -> str | None:
        """The name of the one container, if there is one."""
        return self.board or self.project


class EntityChange(Shape):
    """What is different for one client; what is not named stays as the variant has it."""

    object: Name | None = Field(None, description=_OBJECT)
    match: Texts | None = Field(None, description=_MATCH)
    create: Create | None = Field(None, description=_CREATE)
    when: Text | None = Field(None, description=_WHEN)
    archive: Archive | None = Field(None, description=_ARCHIVE)
    board: Text | None = Field(None, description=_BOARD)
    project: Text | None = Field(None, description=_PROJECT)
    fields: dict[FieldName, FieldText | None] = Field(
        default_factory=dict, description=_FIELDS + " Nothing (`~`) takes a field out."
    )


class MappingFile(Shape):
    """How one system carries our entities, in one or more variants."""

    system: Name = Field(description="The adapter that this mapping is for.")
    default: Name | None = Field(
        None, description="The variant of clients that name none; needed if there are several."
    )
    variants: dict[Name, dict[EntityName, EntityLine]] = Field(
        min_length=1, description="Variant, then entity."
    )


__all__ = ["CreateLine", "EntityChange", "EntityLine", "FieldLine", "MappingFile", "Otherwise"]
