"""The model of ``config/ownership.yaml``."""

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, create_model, model_validator

from syncer.model.entities import BUILTIN
from syncer.model.rules import Expiry, Policy, Waiting
from syncer.settings.shapes import (
    AsKeys,
    AsText,
    ByForm,
    Duration,
    FieldName,
    Name,
    Shape,
    SomeTexts,
    Text,
    Texts,
    WorkingDays,
)


class RoleLine(Shape):
    """A role is held by people, by whoever a record names, or by a system."""

    people: Texts | None = Field(None, description="Who holds it; keys of `people.yaml`.")
    from_: Text | None = Field(
        None, alias="from", description="Whoever this field of the record names: `task.assignees`."
    )
    system: Name | None = Field(None, description="The connection or system that holds it.")
    home: Name | None = Field(
        None, description="The connection or system where a heads-up reaches them."
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind for kind in (self.people, self.from_, self.system) if kind is not None]
        if len(given) != 1:
            raise ValueError('must have exactly one of "people", "from" and "system"')
        return self


class Prefer(Shape):
    """The value of the first of these systems that has a new one."""

    prefer: SomeTexts = Field(description="Connections or systems, the most trusted first.")


SharedLine = Annotated[
    Annotated[Literal["latest", "hold", "union"], AsText] | Annotated[Prefer, AsKeys], ByForm
]
Others = Annotated[
    Annotated[Policy, AsText] | Annotated[dict[Name, Policy], AsKeys],
    ByForm,
]


class RuleLine(Shape):
    """Who decides one field. Either `owner` or `shared`."""

    owner: SomeTexts | None = Field(None, description="The role it belongs to, or several.")
    others: Others | None = Field(
        None,
        description="What an edit by anybody else does: `propose` (unless said), `revert`,"
        " `notify`, `allow`; one for all, or one for each role, `nobody` (a stranger) and"
        " `anyone` (the rest). For `existence`: one each for `create` and `archive`.",
    )
    shared: SharedLine | None = Field(
        None,
        description="No owner; of several new values `latest` wins, `hold` asks a person, `union`"
        " joins sets, `{prefer: [asana, trello]}` takes the first system that has one.",
    )
    expires: WorkingDays | None = Field(
        None, description="How long a proposal waits, like `3 working days`."
    )
    on_expiry: Expiry | None = Field(
        None, description="What happens then: `lapse` (the proposal ends) or `apply`."
    )
    stand_in: Name | None = Field(None, description="Who may answer when no owner can.")
    while_waiting: Waiting | None = Field(
        None, description="What the proposer's tool shows meanwhile: `put_back` or `keep_here`."
    )
    settle: Duration | None = Field(
        None, description="Leave a fresh edit alone for so long, like `5m`."
    )

    @model_validator(mode="after")
    def _owner_or_shared(self) -> Self:
        if (self.owner is None) == (self.shared is None):
            raise ValueError('must have either "owner" or "shared"')
        return self


Rules = dict[FieldName, RuleLine]


class OwnershipFrame(Shape):
    """Who decides what."""

    roles: dict[Name, RoleLine] = Field(description="Roles, each under a name of your choice.")
    unknown_editor: Literal["nobody"] = Field(
        "nobody", description="Strangers and guests hold no role; this is the only choice."
    )
    automations: dict[Name, dict[Text, Name]] = Field(
        default_factory=dict, description="System, then the name of a robot there, to its role."
    )
    confidential: Texts = Field(
        (), description="Fields that are never written where clients can see."
    )
    clients: dict[Name, dict[Name, Texts]] = Field(
        default_factory=dict, description="Client, then role: who holds it there instead."
    )
    projects: dict[Text, dict[Name, Texts]] = Field(
        default_factory=dict, description="The same by a project's name; goes before `clients`."
    )

    def rules(self) -> dict[str, Rules]:
        """Entity to its rules."""
        return {entity: getattr(self, entity) for entity in BUILTIN}


if TYPE_CHECKING:
    OwnershipFile = OwnershipFrame
else:
    _DESCRIBED = "Rules for the fields of a {}, and its `existence`."
    OwnershipFile = create_model(
        "OwnershipFile",
        __base__=OwnershipFrame,
        __doc__=OwnershipFrame.__doc__,
        **{
            entity: (Rules, Field(default_factory=dict, description=_DESCRIBED.format(entity)))
            for entity in BUILTIN
        },
    )
