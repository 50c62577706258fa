"""Records as they stand in answers, and what requests ask to see of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.hubspot.sandbox.answers import invalid, stamp
from adapters.hubspot.sandbox.records import CREATED, SINGULAR, Stored, Version
from adapters.hubspot.sandbox.store import Store
from syncer.adapterkit.sandbox import SandboxRequest

DEFAULTS: Final = {
    "companies": ("domain", "name"),
    "deals": ("amount", "closedate", "dealname", "dealstage", "pipeline"),
    "notes": (),
    "tasks": (),
}
ALWAYS: Final = (*sorted(set(CREATED.values())), "hs_lastmodifieddate", "hs_object_id")
ARCHIVED: Final = "archivedAt"

Json = dict[str, Any]


def shown(
    store: Store, record: Stored, names: Sequence[str], version: Version | None = None
) -> Json:
    """A record with the properties asked for: empty ones ``null``, unknown ones left out."""
    held = version.values if version else record.values
    values = dict(held) | store.calculated(record)
    asked = names or DEFAULTS[record.type]
    known = [name for name in (*asked, *ALWAYS) if name in store.definitions[record.type]]
    properties = {name: values.get(name) or None for name in sorted(set(known))}
    updated = version.updated if version else record.updated
    return _envelope(record, properties, stamp(updated))


def written(record: Stored, sent: Iterable[str], filled: Iterable[str] = ()) -> Json:
    """A record in answer to a write: what was sent, what was filled in, a few of its own."""
    properties = {name: record.values.get(name, "") for name in sent}
    more = [*ALWAYS, *(name for name in filled if name not in properties)]
    properties |= {name: record.values[name] for name in more if name in record.values}
    return _envelope(record, properties, stamp(record.updated))


def _envelope(record: Stored, properties: Mapping[str, str | None], updated: str) -> Json:
    body: Json = {
        "id": record.id,
        "properties": dict(properties),
        "createdAt": stamp(record.created),
        "updatedAt": updated,
        "archived": record.archived is not None,
    }
    return body | ({ARCHIVED: stamp(record.archived)} if record.archived else {})


def with_history(body: Json, record: Stored, names: Iterable[str]) -> Json:
    """The same with the histories asked for."""
    histories = {name: record.history.get(name, []) for name in names}
    return {**body, "propertiesWithHistory": histories}


def listed(request: SandboxRequest, name: str) -> list[str]:
    """A list in the query: repeated, or joined by commas."""
    values = [value for key, value in request.queries if key == name]
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def flag(request: SandboxRequest, name: str) -> bool:
    """A yes-or-no in the query."""
    return request.query.get(name, "false").lower() == "true"


def number(request: SandboxRequest, name: str, default: int, most: int) -> int:
    """A number in the query. Refuses one that is out of bounds."""
    text = request.query.get(name, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise invalid(f"{name} must be between 1 and {most}").refusal()
    return int(text)


def cursor(request: SandboxRequest) -> int:
    """The id after which a page begins. Refuses what is not one of ours."""
    text = request.query.get("after") or "0"
    if not text.isdecimal():
        raise invalid(f"Unable to decode the paging cursor {text}").refusal()
    return int(text)


def lenient(request: SandboxRequest) -> bool:
    """Whether the version asked puts dates in order."""
    return "/2026-09" in request.path


def inputs(request: SandboxRequest, most: int) -> list[Json]:
    """The inputs of a batch; none at all are no fault, which hides mistakes."""
    body = request.json()
    told = body.get("inputs") if isinstance(body, dict) else None
    items = [item for item in told if isinstance(item, dict)] if isinstance(told, list) else []
    if len(items) > most:
        message = f"The maximum number of inputs supported is {most}. {len(items)} were sent."
        raise invalid(message).refusal()
    return items


def unique_or_refused(store: Store, type: str, by: str) -> None:
    """Refuse a property that cannot stand for an id."""
    if by and not store.unique(type, by):
        message = f"Unable to perform update/upsert by non-unique {SINGULAR[type]} property {by}"
        raise invalid(message).refusal()


def words(told: Any) -> list[str]:
    """A list of names in a body."""
    return [item for item in told if isinstance(item, str)] if isinstance(told, list) else []
