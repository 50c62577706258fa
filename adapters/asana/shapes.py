"""The fields of projects and tasks, and what to ask for to see them.

All names in ``opt_fields`` are ones that Asana's own document lists for the route. Asking for
a name inside an object (``assignee.name``) gives its gid too, and costs less than the object.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from syncer.model.remote import Author
from syncer.model.values import FieldType, Kind

TASK: Final = "task"
PROJECT: Final = "project"
CUSTOM: Final = "cf:"
"""Ids of custom fields are this and the gid of the field."""

_TEXT: Final = FieldType(Kind.TEXT)
_RICH: Final = FieldType(Kind.RICH_TEXT)
_ENUM: Final = FieldType(Kind.ENUMERATION)
_PERSON: Final = FieldType(Kind.PERSON)
_YES_NO: Final = FieldType(Kind.BOOLEAN)


class Shape(Struct, frozen=True):
    """A field that every task, or every project, has.

    ``ask`` is what to name in ``opt_fields`` to be told of it.
    """

    id: str
    type: FieldType
    ask: tuple[str, ...]
    writable: bool = True
    author: Author = Author.YES
    extensible: bool = False


TASK_SHAPES: Final = (
    Shape("name", _TEXT, ("name",)),
    Shape("notes", _RICH, ("html_notes",)),
    Shape("due", FieldType(Kind.WHEN), ("due_on", "due_at")),
    Shape("start", FieldType(Kind.WHEN), ("start_on", "start_at")),
    Shape("assignee", _PERSON, ("assignee.name",)),
    Shape("completed", _YES_NO, ("completed",)),
    Shape("section", _ENUM, (), extensible=True),
    Shape("tags", FieldType(Kind.ENUMERATION, many=True), ("tags.name",), extensible=True),
    Shape("parent", FieldType(Kind.REFERENCE, target=TASK), (), author=Author.FEED_ONLY),
    Shape("project", FieldType(Kind.REFERENCE, target=PROJECT), ()),
    Shape("resource_subtype", _ENUM, (), writable=False),
    Shape("followers", FieldType(Kind.PERSON, many=True), ("followers.name",)),
)

STATUS: Final = "status_update"
"""The field of a project that is the last status update which the service has posted."""

PROJECT_SHAPES: Final = (
    *(
        Shape(id, kind, ask, writable, Author.FEED_ONLY)
        for id, kind, ask, writable in (
            ("name", _TEXT, ("name",), True),
            ("notes", _RICH, ("html_notes",), True),
            ("due", FieldType(Kind.DATE), ("due_on",), True),
            ("start", FieldType(Kind.DATE), ("start_on",), True),
            ("owner", _PERSON, ("owner",), True),
            ("completed", _YES_NO, ("completed",), True),
            ("team", _ENUM, ("team.name",), False),
            ("workspace", _ENUM, ("workspace.name",), False),
        )
    ),
    # Other people's status updates are not edits of it.
    Shape(STATUS, _RICH, ("current_status_update.title",), author=Author.NO),
)
"""Projects have no stories: who changed them is told by events, for 24 hours at most."""

SHAPES: Final = {TASK: TASK_SHAPES, PROJECT: PROJECT_SHAPES}

SUBTYPES: Final = ("default_task", "milestone", "approval", "custom")

_ALWAYS: Final = {
    TASK: (
        "name",
        "html_notes",  # whether a task is kept by the service is told there
        "resource_subtype",
        "created_at",
        "created_by",
        "modified_at",
        "parent.name",
        "num_subtasks",
        "memberships.project.name",
        "memberships.section.name",
        "is_rendered_as_separator",
        "permalink_url",
    ),
    PROJECT: ("name", "archived", "created_at", "modified_at", "permalink_url"),
}
_VALUES: Final = (
    "custom_fields.type",
    "custom_fields.enabled",
    "custom_fields.text_value",
    "custom_fields.number_value",
    "custom_fields.enum_value.name",
    "custom_fields.multi_enum_values.name",
    "custom_fields.date_value.date",
    "custom_fields.date_value.date_time",
)
_TASK_VALUES: Final = ("custom_fields.resource_subtype", "custom_fields.people_value.name")


def asked(object: str, fields: Iterable[str]) -> tuple[str, ...]:
    """``opt_fields`` for the fields wanted of an object, and for what is always needed."""
    wanted = set(fields)
    found = list(_ALWAYS[object])
    for shape in SHAPES[object]:
        found += shape.ask if shape.id in wanted else ()
    if any(id.startswith(CUSTOM) for id in wanted):
        found += _VALUES + (_TASK_VALUES if object == TASK else ())
    return tuple(dict.fromkeys(found))


FIELD_SETTINGS: Final = tuple(
    f"custom_field_settings.custom_field.{name}"
    for name in (
        "name",
        "type",
        "resource_subtype",
        "precision",
        "format",
        "currency_code",
        "is_value_read_only",
        "representation_type",
        "enum_options.name",
        "enum_options.enabled",
    )
)
"""What to ask of a project to know the custom fields that are set up on it."""
