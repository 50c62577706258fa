"""Search as HubSpot's index does it: late, without archived records, 10,000 rows a query."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from adapters.hubspot.sandbox.answers import epoch, invalid
from adapters.hubspot.sandbox.records import CREATED, Stored, Version, type_of
from adapters.hubspot.sandbox.standard import Definition
from adapters.hubspot.sandbox.store import Store

ROWS: Final = 10_000
_LINKED: Final = "associations."
_TEXTS: Final = {
    "companies": ("name", "domain"),
    "deals": ("dealname",),
    "notes": ("hs_note_body",),
    "tasks": ("hs_task_subject", "hs_task_body"),
}

Hit = tuple[Stored, Version]


class Search:
    """One query over one type.

    Args:
        store: the account.
        type: which records.
        body: the request as it came. Raises a refusal if it asks too much.
        until: up to when the index knows.
    """

    def __init__(self, store: Store, type: str, body: Any, until: datetime) -> None:
        told = body if isinstance(body, dict) else {}
        self.store, self.type, self.until = store, type, until
        self.groups = [g.get("filters") or [] for g in told.get("filterGroups") or []]
        self.sorts = told.get("sorts") or []
        self.limit = int(told.get("limit") or 10)
        self.offset = _offset(told.get("after"))
        self.names = [str(name) for name in told.get("properties") or []]
        self.words = str(told.get("query") or "").lower()
        self._check()

    def _check(self) -> None:
        if not 1 <= self.limit <= 200:
            raise invalid("limit must be between 1 and 200").refusal()
        if self.offset + self.limit > ROWS:
            raise invalid(f"The total number of results is limited to {ROWS}").refusal()
        sizes = [len(group) for group in self.groups]
        if len(sizes) > 5 or max(sizes, default=0) > 6 or sum(sizes) > 18:
            raise invalid("too many filters: 5 groups, 6 filters each, 18 in all").refusal()
        if len(self.sorts) > 1:
            raise invalid("only one sort is allowed").refusal()

    def run(self) -> tuple[int, list[Hit], int | None]:
        """The total as the index sees it, the page, and where the next one begins."""
        hits = [hit for hit in self._indexed() if self._fits(hit)]
        total = len(hits)
        hits = sorted(
            (hit for hit in hits if not hit[0].archived), key=self._key, reverse=self._down
        )
        shown = hits[self.offset : self.offset + self.limit]
        further = self.offset + len(shown)
        return total, shown, further if further < len(hits) else None

    def _indexed(self) -> list[Hit]:
        found = []
        for record in self.store.records[self.type].values():
            version = record.indexed(self.until)
            forgotten = record.archived is not None and record.archived <= self.until
            if version is not None and not forgotten:
                found.append((record, version))
        return found

    def _fits(self, hit: Hit) -> bool:
        if self.words and not any(
            self.words in self._text(hit, n).lower() for n in _TEXTS[self.type]
        ):
            return False
        return not self.groups or any(all(self._holds(hit, f) for f in g) for g in self.groups)

    def _text(self, hit: Hit, name: str) -> str:
        return hit[1].values.get(name) or self.store.calculated(hit[0]).get(name, "")

    def _holds(self, hit: Hit, told: Mapping[str, Any]) -> bool:
        name, operator = str(told.get("propertyName")), str(told.get("operator"))
        wanted = [str(value) for value in told.get("values") or [told.get("value")]]
        if name.startswith(_LINKED):
            other = type_of(name.removeprefix(_LINKED)) or ""
            ends = self.store.linked(self.type, hit[0].id, other) if other else []
            return bool(set(ends) & set(wanted)) == (operator in ("EQ", "IN"))
        definition = self.store.definitions[self.type].get(name)
        if definition is None:
            raise invalid(f"There was a problem with the request: no property {name}").refusal()
        return _holds(definition, self._text(hit, name), operator, wanted, told.get("highValue"))

    @property
    def _down(self) -> bool:
        first = self.sorts[0] if self.sorts else None
        return isinstance(first, dict) and first.get("direction") == "DESCENDING"

    def _key(self, hit: Hit) -> tuple[Any, int]:
        first = self.sorts[0] if self.sorts else CREATED[self.type]
        name = str(first.get("propertyName")) if isinstance(first, dict) else str(first)
        definition = self.store.definitions[self.type].get(name, {"type": "string"})
        value = _value(definition, self._text(hit, name))
        return (value is not None, value if value is not None else 0), int(hit[0].id)


def _offset(after: Any) -> int:
    if after in (None, ""):
        return 0
    if not str(after).isdecimal():
        raise invalid("after must be a number").refusal()
    return int(after)


def _value(told: Definition, text: str | None) -> Any:
    """A value to compare by: numbers and times as numbers, texts without case."""
    if not text:
        return None
    if told["type"] in ("date", "datetime"):
        return float(text) if text.lstrip("-").isdecimal() else float(_epoch(text))
    if told["type"] == "number":
        try:
            return float(text)
        except ValueError:
            raise invalid(f"{text} is not a number").refusal() from None
    return text.lower()


def _epoch(text: str) -> int:
    try:
        return epoch(datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00Z"))
    except ValueError:
        raise invalid(f"{text} is not a time").refusal() from None


def _holds(told: Definition, text: str, operator: str, wanted: list[str], high: Any) -> bool:
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return bool(text) == (operator == "HAS_PROPERTY")
    have, values = _value(told, text), [_value(told, value) for value in wanted]
    if operator in ("NEQ", "NOT_IN", "NOT_CONTAINS_TOKEN"):
        return not _holds(told, text, _POSITIVE[operator], wanted, high)
    if have is None:
        return False
    if operator in ("EQ", "IN"):
        parts = have.split(";") if told.get("fieldType") == "checkbox" else [have]
        return any(part in values for part in parts)
    if operator == "CONTAINS_TOKEN":
        return _has_token(str(have), str(values[0]))
    if operator == "BETWEEN":
        return bool(values[0] <= have <= _value(told, str(high)))
    compare = _ORDER.get(operator)
    if compare is None:
        raise invalid(f"{operator} is not an operator").refusal()
    return bool(compare(have, values[0]))


def _has_token(text: str, token: str) -> bool:
    words = text.replace("@", " ").replace(".", " ").split()
    stem = token.rstrip("*")
    return any(word.startswith(stem) if token.endswith("*") else word == stem for word in words)


_POSITIVE: Final = {"NEQ": "EQ", "NOT_IN": "IN", "NOT_CONTAINS_TOKEN": "CONTAINS_TOKEN"}
_ORDER: Final = {
    "LT": lambda a, b: a < b,
    "LTE": lambda a, b: a <= b,
    "GT": lambda a, b: a > b,
    "GTE": lambda a, b: a >= b,
}
