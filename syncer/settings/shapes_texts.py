"""The model of ``config/texts.yaml``, and of the texts that come with the package."""

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, Field

from syncer.model.texts import TEMPLATES
from syncer.settings.shapes import (
    AsKeys,
    AsList,
    AsText,
    ByForm,
    Name,
    Shape,
    SomeTexts,
    Text,
)

V = TypeVar("V")


def _something(value: V) -> V:
    if not value:
        raise ValueError("must not be empty")
    return value


if TYPE_CHECKING:
    Words = str | tuple[str, ...] | dict[str, tuple[str, ...]]
else:
    Words = Annotated[
        Annotated[Text, AsText]
        | Annotated[tuple[Text, ...], AsList]
        | Annotated[dict[Name, SomeTexts], AsKeys],
        ByForm,
        AfterValidator(_something),
    ]
Templates = Annotated[
    dict[Name, SomeTexts], Field(json_schema_extra={"propertyNames": {"enum": sorted(TEMPLATES)}})
]


class AnswersLine(Shape):
    """Words that begin an answer. Those of one of these take the place of its shipped ones."""

    approve: Words | None = Field(
        None, description="Words that agree, also by language: `{en: [approve], de: [passt]}`."
    )
    decline: Words | None = Field(None, description="Words that refuse.")
    withdraw: Words | None = Field(None, description="Words by which who asked takes it back.")

    def said(self) -> dict[str, Any]:
        """Those that are written."""
        return {name: words for name, words in self if words is not None}


class TextsFile(Shape):
    """What the service says to people. What is not written here stays as it was shipped."""

    answers: AnswersLine = Field(AnswersLine(), description="The words by which people answer.")
    texts: Templates = Field(
        default_factory=dict, description="A template by its name, as text or as a list of lines."
    )
    clients: dict[Name, Templates] = Field(
        default_factory=dict, description="Client, then template: what its people are told instead."
    )
    roles: dict[Name, Templates] = Field(
        default_factory=dict, description="Role, then template: goes before `clients`."
    )
