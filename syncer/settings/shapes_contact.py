"""The model of ``first_contact:`` in ``config/sync.yaml``, at its top and under a client."""

from typing import Annotated

from pydantic import ConfigDict, Field

from syncer.model.contact import FirstContact
from syncer.settings.shapes import AsKeys, AsText, ByForm, Day, Name, Shape, Texts


class _Filter(Shape):
    lists: Texts = Field(
        (), description="Lists, sections or stages by name (`*` is any text): only their old stock"
        " takes part; the rest is left alone until somebody touches it."
    )  # fmt: skip
    active_since: Day | None = Field(
        None, alias="active since", description="Only old stock touched since this day takes part."
    )


class ContactPlace(_Filter):
    """What is said of old stock in one connection or system; an entity of ours may differ."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[Name, FirstContact]

    default: FirstContact | None = Field(None, description="For every entity that is not named.")


class ContactLine(_Filter):
    """What becomes of old stock, by entity, connection or system."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[
        Name,
        Annotated[
            Annotated[FirstContact, AsText] | Annotated[ContactPlace, AsKeys],
            ByForm,
        ],
    ]

    default: FirstContact | None = Field(None, description="For all that is not named.")


FirstContactLine = Annotated[
    Annotated[FirstContact, AsText] | Annotated[ContactLine, AsKeys], ByForm
]
