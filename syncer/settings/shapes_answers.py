"""The model of the file that answers what ``syncer init`` would ask."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from syncer.model.configuration import Mode
from syncer.settings.shapes import AsKeys, AsText, ByForm, Name, Shape, Text, Texts, Zone
from syncer.settings.shapes_sync import ConnectionLine

SKIP = "skip"
"""Leave it out, and do not ask again."""

YesNo = Annotated[
    bool, BeforeValidator(lambda said: said, json_schema_input_type=bool | Literal["yes", "no"])
]
Skip = Annotated[Literal["skip"], AsText]
Where = Annotated[Annotated[Text, AsText] | Annotated[dict[str, Any], AsKeys], ByForm]


class ClientAnswer(Shape):
    """One client. What is not said is as it was found."""

    name: Text | None = Field(None, description="The name as it stands in the tools.")
    zone: Zone | None = Field(None, description="The time zone of its days.")
    mode: Mode | None = Field(None, description="`observe` (unless said) or `sync`.")
    scopes: dict[Name, Where] = Field(
        default_factory=dict,
        description="Connection to the place there: its id or exact name, the keys of a scope, or"
        " `skip`.",
    )
    variants: dict[Name, Name] = Field(
        default_factory=dict, description="Connection to the variant of its mapping, or `skip`."
    )


class MappingAnswer(Shape):
    """What a tool's fields and options mean."""

    fields: dict[Text, Text] = Field(
        default_factory=dict,
        description="`task.estimate` to the name of the tool's field, or `skip`.",
    )
    options: dict[Text, dict[Text, Text]] = Field(
        default_factory=dict,
        description="`task.status`, then an option of the tool to our value, or `skip`.",
    )


class AnswersFile(Shape):
    """What `syncer init` would ask. `skip` leaves a thing out, and it is not asked again."""

    zone: Zone | None = Field(
        None, description="Of the agency's days; this machine's zone unless said."
    )
    mode: Mode = Field(Mode.OBSERVE, description="How new clients begin.")
    same_names: YesNo = Field(
        False,
        description="Whether accounts of exactly the same name are one person's, where no address"
        " says so and nobody else has the name.",
    )
    connections: dict[Name, Annotated[Skip | Annotated[ConnectionLine, AsKeys], ByForm]] = Field(
        default_factory=dict,
        description="Tools as they stand in `sync.yaml`, beside those whose variables are set; or"
        " `skip`.",
    )
    service: dict[Name, Literal["person", "service"]] = Field(
        default_factory=dict,
        description="Connection to whose account the credentials are: a `person` who also works"
        " there, or the `service` alone.",
    )
    clients: dict[Name, Annotated[Skip | Annotated[ClientAnswer, AsKeys], ByForm]] = Field(
        default_factory=dict, description="Clients by the key that was proposed; `{}` takes one."
    )
    people: dict[Name, Annotated[Skip | Annotated[dict[Name, Text], AsKeys], ByForm]] = Field(
        default_factory=dict,
        description="People by the key that was proposed: connection to their id there, or `skip`.",
    )
    roles: dict[Name, Texts] = Field(
        default_factory=dict, description="Role to who holds it: keys of people."
    )
    mappings: dict[Name, MappingAnswer] = Field(
        default_factory=dict, description="System to what its fields and options mean."
    )
    overwrite: dict[Text, YesNo] = Field(
        default_factory=dict,
        description="File to whether what somebody has changed in it may be changed.",
    )


__all__ = ["SKIP", "AnswersFile", "ClientAnswer", "MappingAnswer"]
