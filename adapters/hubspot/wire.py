"""HubSpot's API, version 2026-09: what is asked, and answers read defensively."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from adapters.hubspot.faults import NOT_FOUND, Fault, classify, fault_of, refusal
from adapters.hubspot.options import BURST, SEARCH, limits
from adapters.hubspot.shapes import (
    PATHS,
    VERSION,
    chunks,
    following,
    mapping,
    objects,
    unique,
    word,
)
from syncer.adapterkit.errors import LookFirst, WaitAndRetry
from syncer.adapterkit.http import Answer, Http, segment
from syncer.adapterkit.limits import budget_for, digest_of
from syncer.model.structs import Discreet

Row = dict[str, Any]

PAGE: Final = 100
LINKS: Final = 1000
"""Records whose links one request reads ("Associations": batch read since 10 February 2025)."""


def records(object: str, *rest: str) -> str:
    """The path of an object's records."""
    return "/".join((f"/crm/objects/{VERSION}/{PATHS[object]}", *map(segment, rest)))


def links(source: str, target: str, action: str) -> str:
    """The path of a batch over the links from one object to another."""
    return f"/crm/associations/{VERSION}/{PATHS[source]}/{PATHS[target]}/batch/{action}"


def labels(source: str, target: str) -> str:
    """The path of the types that links from one object to another have."""
    return f"/crm/associations/{VERSION}/{PATHS[source]}/{PATHS[target]}/labels"


def properties(object: str, *rest: str) -> str:
    """The path of an object's property definitions."""
    return "/".join((f"/crm/properties/{VERSION}/{PATHS[object]}", *map(segment, rest)))


class Batch(Struct, frozen=True):
    """The answer to a batch: rows by id, in no order, and what went wrong with others."""

    rows: Mapping[str, Row]
    faults: tuple[Fault, ...]
    at: datetime
    whole: Fault | None = None
    """Set if the call was refused as a whole; nothing of it took effect."""


class Wire(Discreet, Struct):
    """One account with one token. Safe to use from many threads."""

    HIDDEN = frozenset({"http"})

    http: Http

    @classmethod
    def opened(
        cls,
        base_url: str,
        token: str,
        tier: str = "starter",
        share: float = 0.9,
        timeout: float = 60,
        sleep: Callable[[float], None] = time.sleep,
    ) -> "Wire":
        """Connect; the search limit is the account's, the burst limit the token's."""
        assert tier in BURST
        http = Http(
            base_url,
            headers=lambda: {"authorization": f"Bearer {token}"},
            classify=classify,
            budget=budget_for(digest_of(base_url, token), limits(tier), share),
            secrets=[token],
            timeout=timeout,
            system="hubspot",
            sleep=sleep,
        )
        return cls(http)

    def get(self, path: str, **params: Any) -> Any:
        """Read one thing. Raises :class:`SkipRecord` if it is not there."""
        return self.body_of(self.http.get(path, params=params))

    def post(self, path: str, body: Any) -> Answer:
        """Send a write; a refusal is returned, for the caller to look into."""
        return self.http.post(path, json=body)

    def make(self, path: str, body: Any) -> Any:
        """Create a definition. Raises :class:`SkipRecord` if it is refused."""
        return self.body_of(self.post(path, body))

    def change(self, path: str, body: Any) -> Any:
        """Change a definition; the same again does no harm."""
        return self.body_of(self.http.patch(path, json=body, safe=True))

    def pages(self, path: str, limit: int = PAGE, **params: Any) -> Iterator[Row]:
        """Every object of a list that is paged by ``after``."""
        after: str | None = None
        while True:
            body = self.get(path, limit=limit, after=after, **params)
            yield from listed(body)
            after = _further(body, after)
            if after is None:
                return

    def one(self, object: str, id: str, names: Sequence[str], **params: Any) -> Row | None:
        """One record, strongly consistent; a merged id gives the record it went into."""
        asked = {"properties": ",".join(names), **params}
        answer = self.http.get(records(object, id), params=asked)
        return None if answer.status == 404 else mapping(self.body_of(answer))

    def read(
        self,
        object: str,
        ids: Sequence[str],
        names: Sequence[str],
        history: Sequence[str] = (),
        *,
        archived: bool = False,
    ) -> Batch:
        """Up to 100 records (50 with history) as they are now; those not found are left out.

        Raises:
            WaitAndRetry: some could not be read for another reason than not being there.
        """
        body = {
            "inputs": [{"id": id} for id in ids],
            "properties": list(names),
            "propertiesWithHistory": list(history),
        }
        path = records(object, "batch", "read")
        params = {"archived": "true"} if archived else None
        batch = batch_of(self.http.post(path, json=body, params=params, safe=True))
        faults = (*batch.faults, *([batch.whole] if batch.whole else []))
        for fault in faults:
            if fault.category != NOT_FOUND:
                raise WaitAndRetry("a part of a batch could not be read", detail=fault.says)
        here = {
            id: row for id, row in batch.rows.items() if (row.get("archived") is True) is archived
        }
        return replace(batch, rows=here)

    def search(self, object: str, body: Mapping[str, Any]) -> tuple[Any, datetime]:
        """One page of a search, and when it was answered. Never proof that a thing is absent."""
        path = records(object, "search")
        answer = self.http.post(path, json=body, safe=True, kind=SEARCH)
        return self.body_of(answer), answer.at

    def linked(
        self, source: str, ids: Sequence[str], target: str
    ) -> tuple[dict[str, list[str]], datetime | None]:
        """The ids that records are linked to, and when the first answer was given."""
        found: dict[str, list[str]] = {id: [] for id in ids}
        path, first = links(source, target, "read"), None
        for chunk in chunks(list(ids), LINKS):
            asked: list[dict[str, str]] = [{"id": id} for id in chunk]
            while asked:
                answer = self.http.post(path, json={"inputs": asked}, safe=True)
                first = first or answer.at
                asked = _links_into(found, asked, self.body_of(answer))
        return {id: unique(linked) for id, linked in found.items()}, first

    def close(self) -> None:
        """Release the connections."""
        self.http.close()

    @staticmethod
    def body_of(answer: Answer) -> Any:
        """What an answer holds. Raises :class:`SkipRecord` if it is a refusal."""
        if not answer.ok:
            raise refusal(answer)
        return answer.json()


def listed(body: Any) -> list[Row]:
    """The results of a list. Raises :class:`WaitAndRetry` where there is no list."""
    results = mapping(body).get("results")
    if not isinstance(results, list):
        raise WaitAndRetry("a page without results")
    return objects(results)


def batch_of(answer: Answer) -> Batch:
    """Read the answer to a batch; rows are found by their id, never by their place."""
    body = answer.json_or_none()
    if not answer.ok:
        return Batch({}, (), answer.at, whole=fault_of(body))
    results = mapping(body).get("results")
    if not isinstance(results, list):
        raise (LookFirst if answer.unsafe else WaitAndRetry)("a batch without results")
    rows = {word(row.get("id")): row for row in objects(results)}
    rows.pop("", None)
    faults = tuple(map(fault_of, objects(mapping(body).get("errors"))))
    return Batch(rows, faults, answer.at)


def _further(body: Any, before: str | None) -> str | None:
    after = following(body)
    if after is not None and after == before:
        raise WaitAndRetry("paging does not advance")
    return after


def _links_into(
    found: dict[str, list[str]], asked: Sequence[Mapping[str, str]], body: Any
) -> list[dict[str, str]]:
    """Add a page of links; gives what to ask next, a line for each list with more to come."""
    for fault in map(fault_of, objects(mapping(body).get("errors"))):
        # A record without links is reported so instead of with an empty list.
        if fault.category != NOT_FOUND:
            raise WaitAndRetry("some links could not be read", detail=fault.says)
    more = []
    for row in listed(body):
        source = word(mapping(row.get("from")).get("id"))
        targets = (word(item.get("toObjectId")) for item in objects(row.get("to")))
        found.setdefault(source, []).extend(filter(None, targets))
        if (after := following(row)) is not None:
            more.append({"id": source, "after": after})
    if more and more == list(asked):
        raise WaitAndRetry("paging does not advance")
    return more
