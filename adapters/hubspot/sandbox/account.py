"""One account: its store and clock, and what single calls and batches do alike."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from adapters.hubspot.sandbox.answers import Problem, invalid, invalid_values, not_found
from adapters.hubspot.sandbox.records import APP, SINGULAR, Source, Stored, type_of
from adapters.hubspot.sandbox.store import Store, Unfit
from adapters.hubspot.sandbox.wire import Json, lenient, written
from syncer.adapterkit.sandbox import SandboxRequest, SandboxUser

LINK_TYPES: Final = {
    5: ("deals", "companies"),
    341: ("deals", "companies"),
    6: ("companies", "deals"),
    342: ("companies", "deals"),
    189: ("companies", "notes"),
    190: ("notes", "companies"),
    191: ("companies", "tasks"),
    192: ("tasks", "companies"),
    213: ("deals", "notes"),
    214: ("notes", "deals"),
    215: ("deals", "tasks"),
    216: ("tasks", "deals"),
}
"""Type ids of links with their direction."""

PRIMARY: Final = {("deals", "companies"): 5, ("companies", "deals"): 6}
PLAIN: Final = {pair: id for id, pair in LINK_TYPES.items() if id not in PRIMARY.values()}
_REQUIRED: Final = {
    "companies": (),
    "deals": ("dealname", "dealstage"),
    "notes": ("hs_timestamp",),
    "tasks": ("hs_timestamp",),
}
_FILLED: Final = {"tasks": {"hs_task_status": "NOT_STARTED", "hs_task_type": "TODO"}}


class Account(Struct):
    """What handlers work on.

    Args:
        now: the vendor's clock.
        store: all state.
        search_lag: how late the search index is.
    """

    now: Callable[[], datetime]
    store: Store
    search_lag: timedelta = timedelta(0)

    def make(
        self, request: SandboxRequest, type: str, item: Json, at: datetime, *, check: bool = False
    ) -> Json:
        """Make a record with its links, or only ``check``. Raises :class:`Unfit`."""
        sent = dict(item.get("properties") or {})
        # Where there is one pipeline it need not be said.
        lines = list(self.store.lines[type])
        given = _FILLED.get(type, {}) | ({"pipeline": lines[0]} if len(lines) == 1 else {})
        values, warnings = self.store.checked(None, type, given | sent, at, lenient(request))
        missing = [name for name in _REQUIRED[type] if not values.get(name)]
        if missing:
            lacking = [Problem(n, "MISSING_REQUIRED_PROPERTY", f"{n} is required") for n in missing]
            raise Unfit(invalid_values(lacking))
        ends = [self._end(type, told) for told in item.get("associations") or []]
        if check:
            return {}
        record = self.store.create(type, values, at, self._source(request.user))
        for end, labels in ends:
            self.store.link((type, record.id), end, labels)
        return _answer(written(record, sent, ("website", "closedate")), warnings, item)

    def change(
        self,
        request: SandboxRequest,
        record: Stored,
        item: Json,
        at: datetime,
        *,
        check: bool = False,
    ) -> Json:
        """Change a record, or only ``check``. Raises :class:`Unfit`."""
        sent = dict(item.get("properties") or {})
        values, warnings = self.store.checked(record, record.type, sent, at, lenient(request))
        if check:
            return {}
        self.store.write(record, values, at, self._source(request.user))
        return _answer(written(record, sent), warnings, item)

    def _source(self, user: SandboxUser) -> Source:
        """People act in the app; the service's own key is a program without a user."""
        if user.bot:
            return Source("INTEGRATION", APP)
        return Source.person(self.store.owners[user.id]["userIdIncludingInactive"])

    def _end(self, type: str, told: Any) -> tuple[tuple[str, str], set[int]]:
        """Where a link that a record is made with leads. Raises :class:`Unfit`."""
        labels = {int(one["associationTypeId"]) for one in told.get("types") or []}
        pairs = {LINK_TYPES.get(label) for label in labels}
        pair = pairs.pop() if len(pairs) == 1 else None
        if pair is None or pair[0] != type:
            raise Unfit(invalid(f"These association types do not exist: {sorted(labels)}"))
        id = str((told.get("to") or {}).get("id"))
        other = self.store.find(pair[1], id)
        if other is None:
            raise Unfit(not_found(f"{SINGULAR[pair[1]]} {id} does not exist"))
        return (pair[1], other.id), labels | {PLAIN[pair]}


def type_or_refused(name: str) -> str:
    """The type of this name. Refuses one there is not."""
    type = type_of(name)
    if type is None:
        raise invalid(f"Unable to infer object type from: {name}").refusal()
    return type


def body_of(request: SandboxRequest) -> Json:
    """The request's body. Refuses one that is not an object."""
    body = request.json()
    if not isinstance(body, dict):
        raise invalid("Invalid input JSON").refusal()
    return body


def _answer(body: Json, warnings: list[Json], item: Mapping[str, Any]) -> Json:
    traced = item.get("objectWriteTraceId")
    more: Json = {"objectWriteTraceId": traced} if traced else {}
    return body | more | ({"warnings": warnings} if warnings else {})
