"""Make the custom fields that a mapping needs, and set them up on its projects."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from adapters.asana.client import Asana, Row, segment
from adapters.asana.describe import field_type, scope_projects, settings_of, workspace_of
from adapters.asana.names import fold
from adapters.asana.options import ScopeOptions
from adapters.asana.shapes import FIELD_SETTINGS, PROJECT
from syncer.adapterkit.contract import FieldNeed, Scope
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.model.values import Kind

_KINDS: Final = {
    Kind.TEXT: "text",
    Kind.RICH_TEXT: "text",
    Kind.NUMBER: "number",
    Kind.MONEY: "number",
    Kind.DATE: "date",
    Kind.WHEN: "date",
    Kind.INSTANT: "date",
    Kind.PERSON: "people",
}
_PRECISION: Final = 2
_PLAIN_OPTION: Final = "Yes"
_FIELD: Final = tuple(
    name.removeprefix("custom_field_settings.custom_field.") for name in FIELD_SETTINGS
)


def provision(
    asana: Asana, scope: Scope, needs: Sequence[FieldNeed], *, dry_run: bool
) -> list[str]:
    """Make what is missing; a line for each field made, or set up, or (dry run) missing.

    Raises :class:`AskPerson` where a field of that name exists and is of another kind.
    """
    return list(
        _Provision(asana, scope.options, dry_run=dry_run).lines(
            [need for need in needs if need.custom]
        )
    )


class _Provision:
    """The fields of one workspace, looked up once."""

    def __init__(self, asana: Asana, where: ScopeOptions, *, dry_run: bool) -> None:
        self._asana = asana
        self._where = where
        self._dry_run = dry_run
        self._projects: dict[str, Row] = {}
        self._known: dict[str, Row] | None = None

    def lines(self, needs: Sequence[FieldNeed]) -> Iterator[str]:
        """Go through the needs, project by project."""
        for need in needs:
            for project in self._places(need):
                yield from self._met(need, project)

    def _places(self, need: FieldNeed) -> list[Row]:
        """The projects that need the field: one, which may be just made, or all in scope."""
        ask = ("name", *FIELD_SETTINGS)
        if need.container is not None:
            if need.container not in self._projects:
                row = self._asana.get(f"/projects/{segment(need.container)}", ask).data
                self._projects[need.container] = row
            return [self._projects[need.container]]
        if not self._projects:
            found = scope_projects(self._asana, self._where, ask)
            self._projects = {row["gid"]: row for row in found}
        return list(self._projects.values())

    def _met(self, need: FieldNeed, project: Row) -> Iterator[str]:
        name = project.get("name")
        for field in settings_of(project):
            if fold(str(field.get("name"))) == fold(need.name):
                self._check(need, field)
                return
        known = self._workspace_fields().get(fold(need.name))
        if known is not None:
            self._check(need, known)
        what = "set up" if known else "made and set up"
        if self._dry_run:
            yield f"custom field {need.name!r} is to be {what} on {name!r}"
            return
        made = known or self._make(need)
        self._set_up(project, made)
        yield f"custom field {need.name!r} {what} on {name!r}"
        yield from self._shown(need, project, made)

    def _check(self, need: FieldNeed, field: Row) -> None:
        wanted, kind = _subtype(need), field_type(field)
        have = _subtype_of(kind.kind, kind.many)
        if wanted != have:
            raise AskPerson(
                f"the custom field {need.name!r} of the workspace is of the kind {have}, "
                f"not {wanted}: rename it, or the field in the mapping"
            )

    def _workspace_fields(self) -> dict[str, Row]:
        if self._known is None:
            path = f"/workspaces/{workspace_of(self._asana, self._where)}/custom_fields"
            rows = [row for page in self._asana.pages(path, _FIELD) for row in page.data]
            usable = settings_of({"custom_field_settings": [{"custom_field": r} for r in rows]})
            self._known = {fold(str(row.get("name"))): row for row in usable}
        return self._known

    def _make(self, need: FieldNeed) -> Row:
        workspace = workspace_of(self._asana, self._where)
        data: dict[str, Any] = {
            "workspace": workspace,
            "name": need.name,
            "resource_subtype": _subtype(need),
        }
        if need.kind == Kind.ENUMERATION:
            data["enum_options"] = [{"name": option} for option in need.options or (_PLAIN_OPTION,)]
        if need.kind in (Kind.NUMBER, Kind.MONEY):
            data["precision"] = _PRECISION
        if need.kind == Kind.MONEY:
            data |= {"format": "currency", "currency_code": need.currency or "EUR"}
        row: Row = self._asana.post("/custom_fields", data, _FIELD).data
        self._workspace_fields()[fold(need.name)] = row
        return row

    def _set_up(self, project: Row, field: Row) -> None:
        path = f"/projects/{segment(project['gid'])}/addCustomFieldSetting"
        self._asana.post(path, {"custom_field": field["gid"]})
        settings = project.get("custom_field_settings")
        settings = settings if isinstance(settings, list) else []
        project["custom_field_settings"] = [*settings, {"custom_field": field}]

    def _shown(self, need: FieldNeed, project: Row, field: Row) -> Iterator[str]:
        """Say so if a project does not take a value of its own for the field."""
        if need.object != PROJECT:
            return
        try:
            row = self._asana.get(f"/projects/{segment(project['gid'])}", ("custom_fields.type",))
        except SkipRecord:
            return
        own = {value.get("gid") for value in row.data.get("custom_fields") or ()}
        if field["gid"] not in own:
            name = project.get("name")
            yield (
                f"{need.name!r} is not yet a field of the project {name!r} itself: add it to a "
                "portfolio that holds the project"
            )


def _subtype(need: FieldNeed) -> str:
    kind = Kind(need.kind)
    return _subtype_of(kind, need.many)


def _subtype_of(kind: Kind, many: bool) -> str:
    if kind is Kind.ENUMERATION:
        return "multi_enum" if many else "enum"
    if kind not in _KINDS:
        raise AskPerson(f"Asana has no custom field for the kind {kind}")
    return _KINDS[kind]
