"""Routes over links between records, with their types and labels."""

from typing import Any, Final

from starlette.responses import Response

from adapters.hubspot.sandbox.account import LINK_TYPES, PLAIN, PRIMARY, Account, type_or_refused
from adapters.hubspot.sandbox.answers import batch, invalid, not_found, page
from adapters.hubspot.sandbox.records import SINGULAR, TYPE_IDS, Stored
from adapters.hubspot.sandbox.wire import Json, inputs, number
from syncer.adapterkit.sandbox import SandboxRequest, reply

PAGE: Final = 500
READ_MOST: Final = 1000
MAKE_MOST: Final = 2000
ARCHIVE_MOST: Final = 100
_DEFINED: Final = "HUBSPOT_DEFINED"

Pair = tuple[str, str]


def _old(request: SandboxRequest) -> bool:
    """Version 4, where ids of targets are numbers and statuses differ."""
    return "/v4/" in request.path


class Links:
    """Handlers of links."""

    def __init__(self, account: Account) -> None:
        self._account = account

    # One pair

    def of_one(self, request: SandboxRequest) -> Response:
        """What one record is linked to."""
        pair = self._pair(request)
        record = self._record(pair[0], request.path_params["id"])
        limit, after = number(request, "limit", PAGE, PAGE), request.query.get("after", "0")
        rows, further = self._targets(record, pair, after, limit, _old(request))
        return reply(page(rows, further))

    def put_default(self, request: SandboxRequest) -> Response:
        """Link two records without a label."""
        pair = self._pair(request)
        row = self._link(pair, *self._ends(request), {PLAIN[pair]})
        return batch([_default(row, pair)], self._account.now())

    def put(self, request: SandboxRequest) -> Response:
        """Link two records with the labels given."""
        pair = self._pair(request)
        row = self._link(pair, *self._ends(request), self._labels(request.json(), pair))
        return reply(row, 201)

    def remove(self, request: SandboxRequest) -> Response:
        """Take a link away with every label."""
        pair = self._pair(request)
        one, other = request.path_params["id"], request.path_params["other_id"]
        self._account.store.unlink((pair[0], one), (pair[1], other))
        return Response(status_code=204)

    # Batches

    def read(self, request: SandboxRequest) -> Response:
        """What records are linked to; one without links is a row of ``errors``."""
        pair = self._pair(request)
        rows, errors = [], []
        for item in inputs(request, READ_MOST):
            id, after = str(item.get("id")), str(item.get("after") or "0")
            # Not told anywhere: here an id that was merged away has no links of its own.
            here = id in self._account.store.records[pair[0]]
            record = self._account.store.find(pair[0], id) if here else None
            targets, further = self._read_one(record, pair, after, _old(request))
            if targets:
                row = page([], further) | {"from": {"id": id}, "to": targets}
                row.pop("results")
                rows.append(row)
            else:
                errors.append(_unlinked(pair, id))
        return batch(rows, self._account.now(), errors)

    def make(self, request: SandboxRequest) -> Response:
        """Link pairs with the labels given."""
        pair = self._pair(request)
        items = inputs(request, MAKE_MOST)
        rows = [
            self._link(pair, *_ids(item), self._labels(item.get("types"), pair)) for item in items
        ]
        return batch(rows, self._account.now(), done=201 if _old(request) else 200)

    def make_default(self, request: SandboxRequest) -> Response:
        """Link pairs without a label."""
        pair = self._pair(request)
        items = inputs(request, MAKE_MOST)
        rows = [self._link(pair, *_ids(item), {PLAIN[pair]}) for item in items]
        return batch([_default(row, pair) for row in rows], self._account.now())

    def archive(self, request: SandboxRequest) -> Response:
        """Take links away."""
        pair = self._pair(request)
        for item in inputs(request, ARCHIVE_MOST):
            one = str((item.get("from") or {}).get("id"))
            for told in item.get("to") or []:
                self._account.store.unlink((pair[0], one), (pair[1], str(told.get("id"))))
        if _old(request):
            return Response(status_code=204)
        return batch([], self._account.now())

    def labels(self, request: SandboxRequest) -> Response:
        """The types of link that there are in this direction."""
        pair = self._pair(request)
        plain = {"category": _DEFINED, "typeId": PLAIN[pair]}
        named = {"category": _DEFINED, "typeId": PRIMARY.get(pair), "label": "Primary"}
        return reply({"results": [*([named] if pair in PRIMARY else []), plain]})

    def _pair(self, request: SandboxRequest) -> Pair:
        names = (request.path_params["type"], request.path_params["other"])
        pair = (type_or_refused(names[0]), type_or_refused(names[1]))
        if pair not in PLAIN:
            raise invalid(f"{names[0]} and {names[1]} cannot be linked").refusal()
        return pair

    def _record(self, type: str, id: str) -> Stored:
        record = self._account.store.find(type, id)
        if record is None:
            raise not_found(f"{SINGULAR[type]} {id} does not exist").refusal()
        return record

    @staticmethod
    def _ends(request: SandboxRequest) -> Pair:
        return request.path_params["id"], request.path_params["other_id"]

    @staticmethod
    def _labels(told: Any, pair: Pair) -> set[int]:
        given = told if isinstance(told, list) else []
        asked = [one.get("associationTypeId") for one in given if isinstance(one, dict)]
        labels = {label for label, ends in LINK_TYPES.items() if label in asked and ends == pair}
        if not labels or len(labels) < len(set(map(str, asked))):
            raise invalid(f"These association types do not exist: {asked}").refusal()
        return labels | {PLAIN[pair]}

    def _link(self, pair: Pair, one: str, other: str, labels: set[int]) -> Json:
        left, right = self._record(pair[0], one), self._record(pair[1], other)
        self._account.store.link((pair[0], left.id), (pair[1], right.id), labels)
        return {
            "fromObjectTypeId": TYPE_IDS[pair[0]],
            "fromObjectId": left.id,
            "toObjectTypeId": TYPE_IDS[pair[1]],
            "toObjectId": right.id,
            "labels": ["Primary"] if labels & {5, 6} else [],
        }

    def _read_one(
        self, record: Stored | None, pair: Pair, after: str, old: bool
    ) -> tuple[list[Json], str | None]:
        return self._targets(record, pair, after, PAGE, old) if record else ([], None)

    def _targets(
        self, record: Stored, pair: Pair, after: str, limit: int, old: bool
    ) -> tuple[list[Json], str | None]:
        store = self._account.store
        start = int(after) if after.isdecimal() else 0
        rest = [id for id in store.linked(pair[0], record.id, pair[1]) if int(id) > start]
        rows = []
        for id in rest[:limit]:
            labels = store.links[frozenset({(pair[0], record.id), (pair[1], id)})]
            types = [_spec(PLAIN[pair], None)]
            types += [_spec(PRIMARY[pair], "Primary")] if labels & {5, 6} else []
            rows.append({"toObjectId": int(id) if old else id, "associationTypes": types})
        return rows, rest[limit - 1] if len(rest) > limit else None


def _spec(type: int, label: str | None) -> Json:
    return {"category": _DEFINED, "typeId": type} | ({"label": label} if label else {})


def _ids(item: Json) -> Pair:
    return str((item.get("from") or {}).get("id")), str((item.get("to") or {}).get("id"))


def _default(row: Json, pair: Pair) -> Json:
    spec = {"associationCategory": _DEFINED, "associationTypeId": PLAIN[pair]}
    ends = {"from": {"id": row["fromObjectId"]}, "to": {"id": row["toObjectId"]}}
    return {**ends, "associationSpec": spec}


def _unlinked(pair: Pair, id: str) -> Json:
    fault = not_found(
        f"No {SINGULAR[pair[1]]} is associated with {SINGULAR[pair[0]]} {id}.",
        sub="crm.associations.NO_ASSOCIATIONS_FOUND",
        context={"fromObjectId": [id], "fromObjectType": [pair[0]], "toObjectType": [pair[1]]},
    )
    return fault.row()
