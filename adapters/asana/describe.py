"""What is in a client's scope, live: projects, sections, tags, custom fields, people."""

from collections.abc import Iterable

from adapters.asana.client import Asana, Row, segment
from adapters.asana.decode import gid_of
from adapters.asana.options import ScopeOptions
from adapters.asana.shapes import CUSTOM, FIELD_SETTINGS, PROJECT, SHAPES, SUBTYPES, TASK
from adapters.asana.untitled import used
from syncer.adapterkit.contract import Scope
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.model.remote import (
    Author,
    Catalogue,
    FieldInfo,
    ObjectInfo,
    Option,
    RemotePerson,
)
from syncer.model.values import FieldType, Kind

TEXT_LENGTH = 1024
"""Characters that a text custom field holds (guide, "Custom fields")."""

_PROJECT_FIELDS = (
    "name",
    "team.name",
    "workspace.name",
    "custom_fields.type",
    *FIELD_SETTINGS,
)
_KINDS = {
    "text": FieldType(Kind.TEXT),
    "number": FieldType(Kind.NUMBER),
    "enum": FieldType(Kind.ENUMERATION),
    "multi_enum": FieldType(Kind.ENUMERATION, many=True),
    "date": FieldType(Kind.WHEN),
    "people": FieldType(Kind.PERSON, many=True),
}


def catalogue(asana: Asana, scope: Scope, objects: frozenset[str]) -> Catalogue:
    """Describe a scope: one listing of projects, then one request for each one's sections."""
    where: ScopeOptions = scope.options
    projects = scope_projects(asana, where, _PROJECT_FIELDS)
    workspace = workspace_of(asana, where)
    found: dict[str, ObjectInfo] = {}
    if PROJECT in objects:
        found[PROJECT] = _project_info(where, workspace, projects)
    if TASK in objects:
        found[TASK] = _task_info(asana, workspace, projects)
    return Catalogue(found, {row["gid"]: _name(row) for row in projects})


def scope_projects(asana: Asana, where: ScopeOptions, fields: tuple[str, ...]) -> list[Row]:
    """The projects of a scope. Archived ones are in it only if their gid is named.

    Raises :class:`AskPerson` for a project that is not there, or a name that several have.
    """
    gids = {name for name in where.projects if name.isdigit()}
    names = set(where.projects) - gids
    found: list[Row] = []
    if names or not gids:
        place = f"/teams/{where.team}" if where.team else f"/workspaces/{where.workspace}"
        for page in asana.pages(f"{place}/projects", fields, archived="false"):
            found += [row for row in page.data if not names or row.get("name") in names]
    for name in sorted(names):
        count = sum(row.get("name") == name for row in found)
        if count != 1:
            raise AskPerson(f"{count} projects of the scope are called {name!r}; name its gid")
    listed = {row["gid"] for row in found}
    return found + [_named(asana, gid, fields) for gid in sorted(gids - listed)]


def _named(asana: Asana, gid: str, fields: tuple[str, ...]) -> Row:
    try:
        row: Row = asana.get(f"/projects/{gid}", fields).data
    except SkipRecord as error:
        reason = f"the project {gid} of the scope is not there"
        raise AskPerson(reason, status=error.status, detail=error.detail) from None
    return row


def workspace_of(asana: Asana, where: ScopeOptions) -> str:
    """The workspace of a scope, asked for if it is not configured."""
    if where.workspace:
        return where.workspace
    if where.team:
        path, key = f"/teams/{where.team}", "organization"
    else:
        path, key = f"/projects/{where.projects[0]}", "workspace"
    found = gid_of(asana.get(path, (f"{key}.name",)).data.get(key))
    if found is None:
        raise AskPerson(f"the workspace of {path} cannot be seen; name it in the scope")
    return found


def _name(row: Row) -> str:
    name = row.get("name")
    return name if isinstance(name, str) else ""


def _options(rows: Iterable[Row], container: str | None = None) -> tuple[Option, ...]:
    return tuple(
        Option(row["gid"], _name(row), container, row.get("enabled") is not False) for row in rows
    )


def _project_info(where: ScopeOptions, workspace: str, projects: list[Row]) -> ObjectInfo:
    homes = {"team": where.team, "workspace": workspace}
    fields = [
        FieldInfo(
            shape.id,
            shape.id,
            shape.type,
            _places(shape.id, projects, homes[shape.id]) if shape.id in homes else (),
            shape.writable,
            shape.author,
        )
        for shape in SHAPES[PROJECT]
    ]
    own: dict[str, FieldInfo] = {}
    for row in projects:
        values = {value["gid"] for value in row.get("custom_fields") or ()}
        for field in settings_of(row):
            if field["gid"] in values and field_type(field).kind is not Kind.PERSON:
                info = custom_info(field, None, Author.FEED_ONLY)
                own[info.id] = info
    return ObjectInfo(PROJECT, (*fields, *own.values()), home=where.team or workspace)


def _places(key: str, projects: list[Row], home: str | None) -> tuple[Option, ...]:
    """The teams or workspaces that projects of this scope are, or will be, in."""
    found = {home: home} if home else {}
    found |= {gid: _name(row[key]) for row in projects if (gid := gid_of(row.get(key)))}
    return tuple(Option(gid, name) for gid, name in sorted(found.items()))


def _task_info(asana: Asana, workspace: str, projects: list[Row]) -> ObjectInfo:
    options = {
        "section": tuple(o for row in projects for o in used(asana, sections(asana, row["gid"]))),
        "tags": tags(asana, workspace),
        "resource_subtype": tuple(Option(name, name) for name in SUBTYPES),
    }
    fields = [
        FieldInfo(
            shape.id,
            shape.id,
            shape.type,
            options.get(shape.id, ()),
            shape.writable,
            shape.author,
            extensible=shape.extensible,
        )
        for shape in SHAPES[TASK]
    ]
    custom = _custom_infos(projects)
    # Tasks can only be archived by a section or another field that the mapping names.
    return ObjectInfo(TASK, (*fields, *custom), inside=PROJECT, archivable=False, comments=True)


def _custom_infos(projects: list[Row]) -> list[FieldInfo]:
    """Custom fields of tasks, once each; one that a single project has belongs to that."""
    places: dict[str, list[str]] = {}
    fields: dict[str, Row] = {}
    for row in projects:
        for field in settings_of(row):
            places.setdefault(field["gid"], []).append(row["gid"])
            fields[field["gid"]] = field
    return [
        custom_info(field, places[gid][0] if len(places[gid]) == 1 else None, Author.YES)
        for gid, field in fields.items()
    ]


def sections(asana: Asana, project: str) -> tuple[Option, ...]:
    """The sections of a project."""
    pages = asana.pages(f"/projects/{segment(project)}/sections", ("name",))
    return tuple(option for page in pages for option in _options(page.data, project))


def tags(asana: Asana, workspace: str) -> tuple[Option, ...]:
    """The tags of a workspace."""
    pages = asana.pages("/tags", ("name",), workspace=workspace)
    return tuple(option for page in pages for option in _options(page.data))


def settings_of(row: Row) -> list[Row]:
    """The custom fields that are set up on a project and that we can read."""
    settings = row.get("custom_field_settings")
    fields = [s.get("custom_field") for s in settings or () if isinstance(s, dict)]
    known = (field for field in fields if isinstance(field, dict) and gid_of(field))
    return [field for field in known if subtype(field) in _KINDS]


def subtype(field: Row) -> str:
    """The kind of a custom field; ``type`` is its older name."""
    return str(field.get("resource_subtype") or field.get("type"))


def field_type(field: Row) -> FieldType:
    """The type of a custom field; a number in a currency is money."""
    money = subtype(field) == "number" and field.get("format") == "currency"
    return FieldType(Kind.MONEY) if money else _KINDS[subtype(field)]


def custom_info(field: Row, container: str | None, author: Author) -> FieldInfo:
    """A custom field as it is set up on a project. Money has one option: its currency."""
    kind = field_type(field)
    options = _options(row for row in field.get("enum_options") or () if gid_of(row))
    code = field.get("currency_code")
    if kind.kind is Kind.MONEY:
        options = (Option(str(code), str(code)),) if code else ()
    formula = field.get("representation_type") in ("formula", "custom_id")
    precision = field.get("precision")
    numeric = kind.kind in (Kind.NUMBER, Kind.MONEY)
    return FieldInfo(
        id=f"{CUSTOM}{field['gid']}",
        name=_name(field),
        type=kind,
        options=options,
        writable=not (field.get("is_value_read_only") or formula),
        author=author,
        container=container,
        custom=True,
        max_length=TEXT_LENGTH if kind.kind is Kind.TEXT else None,
        precision=_precision(field, precision) if numeric and isinstance(precision, int) else None,
        extensible=kind.kind is Kind.ENUMERATION,
    )


def _precision(field: Row, told: int) -> int:
    """Decimal digits of the number itself: 25 % is 0.25, and has precision 0 there."""
    return told + 2 if field.get("format") == "percentage" else told


def people(asana: Asana, scope: Scope) -> list[RemotePerson]:
    """Everybody in the workspace: anybody there can appear in a client's tasks."""
    workspace = workspace_of(asana, scope.options)
    pages = asana.pages("/users", ("name", "email"), workspace=workspace)
    return [person(row) for page in pages for row in page.data]


def person(row: Row) -> RemotePerson:
    """A user. E-mail addresses are shown to members, not to guests."""
    email = row.get("email")
    return RemotePerson(row["gid"], _name(row), email if isinstance(email, str) else None)
