"""The model of ``config/examples.yaml``."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from syncer.model.examples import Fate
from syncer.settings.anatomy import Instead
from syncer.settings.shapes import (
    AsKeys,
    AsList,
    AsText,
    ByForm,
    Day,
    EntityName,
    FieldName,
    Name,
    Shape,
    Text,
)

RUN = "run"
"""Stands between doings: everything is brought into step, and people are told."""

DEEDS = ("create", "archive", "restore")
"""What can be done to a record as a whole."""


class GivenLine(Shape):
    """How things stand before anybody does anything."""

    client: Name | None = Field(None, description="Whose record it is; a key of `sync.yaml`.")
    entity: EntityName | None = Field(None, description="What it is: `client`, `project`, `task`.")
    values: dict[Text, Any] = Field(
        default_factory=dict,
        description="What is agreed, by field; of what a task belongs to as `project.producer`."
        " What is not named is empty.",
    )
    new: bool = Field(False, description="The record is just made: nothing is agreed of it yet.")
    day: Day | None = Field(
        None, description="On which it happens; unless said, one on which nobody is away."
    )


class DoingLine(Shape):
    """Something that somebody does: `sets` a field, `does` something, or gives a `reply`."""

    person: Name | None = Field(
        None, description="Who; a key of `people.yaml`, or `nobody` for a guest or a stranger."
    )
    robot: Text | None = Field(None, description="Or a robot, by the name that the tool shows.")
    system: Name | None = Field(
        None, description="Or a system that counts things itself, like `google_analytics`."
    )
    sets: FieldName | None = Field(None, description="The field that is set.")
    to: Any = Field(None, description="The value it is set to; nothing to empty it.")
    does: Literal["create", "archive", "restore"] | None = Field(
        None, description="What is done to the record as a whole."
    )
    in_: Name | None = Field(
        None, alias="in", description="The connection or system in which it is done."
    )
    reply: Literal["approve", "decline", "withdraw"] | None = Field(
        None, description="The answer to what is held, after everybody was told."
    )
    of: Name | None = Field(
        None, description="Whose held edit is answered, where several people's are."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        who = [each for each in (self.person, self.robot, self.system) if each is not None]
        what = [each for each in (self.sets, self.does, self.reply) if each is not None]
        if len(who) != 1:
            raise ValueError('must have exactly one of "person", "robot" and "system"')
        if len(what) != 1:
            raise ValueError('must have exactly one of "sets", "does" and "reply"')
        if (self.sets is None) == ("to" in self.model_fields_set):
            raise ValueError('"sets" and "to" go together; write "sets: deadline, to: 2026-01-31"')
        return self._placed()

    def _placed(self) -> Self:
        if self.reply is not None and (self.person is None or self.in_ is not None):
            raise ValueError('a "reply" is a person\'s and goes without "in"')
        if self.of is not None and self.reply is None:
            raise ValueError('"of" goes with "reply"; remove it')
        if self.reply is None and self.system is None and self.in_ is None:
            raise ValueError('missing key "in"; say in which tool it is done')
        if self.system is not None and self.in_ is not None:
            raise ValueError('"system" says where it is done; remove "in"')
        return self


def _listed(value: Any) -> tuple[Any, ...]:
    found = value if isinstance(value, tuple) else (value,)
    if not found:
        raise ValueError("must not be empty")
    return found


if TYPE_CHECKING:
    Doings = tuple[DoingLine | Literal["run"], ...]
    Fates = tuple[Fate, ...]
else:
    _Doing = Annotated[
        Annotated[DoingLine, AsKeys] | Annotated[Literal["run"], AsText],
        ByForm,
    ]
    Doings = Annotated[
        Annotated[DoingLine, AsKeys] | Annotated[tuple[_Doing, ...], AsList],
        ByForm,
        AfterValidator(_listed),
    ]
    Fates = Annotated[
        Annotated[Fate, AsText] | Annotated[tuple[Fate, ...], AsList],
        ByForm,
        AfterValidator(_listed),
    ]


class ExampleLine(Shape):
    """One example: a sentence, what is given, what people do, and what comes of it."""

    example: Annotated[Text, Instead("?")] = Field(
        description="What it shows, in a sentence; each a different one."
    )
    given: GivenLine = Field(GivenLine(), description="How things stand before.")
    when: Doings = Field(
        description="What somebody does; or a list, in order. `run` between two says that in"
        " between all tools were brought into step and everybody was told.",
    )
    then: Fates = Field(
        description="What becomes of it: `applied`, `held`, `put back`, `overtaken` or (an answer)"
        " `refused`. Of a list, what becomes of the last; or a list, of as many of the last.",
    )
    tells: tuple[Name, ...] | None = Field(
        None,
        description="Exactly who is told, beside a note to whoever's own edit does not count;"
        " `[]` for nobody. Not looked at unless said.",
    )
    agreed: Any = Field(
        None, description="The value that is agreed in the end. Not looked at unless said."
    )


class ExamplesFile(Shape):
    """What the roles and their rules come to, by example; `syncer test` tries them all."""

    given: GivenLine = Field(
        GivenLine(), description="What holds in every example that does not say otherwise."
    )
    examples: tuple[ExampleLine, ...] = Field(
        min_length=1, description="The examples, in any order."
    )
