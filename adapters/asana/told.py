"""What one story says of a field: the value before and the value after, as raw values.

``MISSING`` is what it does not say. The words of a story are never read: they change.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from adapters.asana.client import Row
from adapters.asana.decode import custom_value, when
from syncer.model.remote import FieldInfo, Raw
from syncer.model.values import MISSING, Missing

Pair = tuple[Raw | Missing, Raw | Missing]
"""Old and new."""


def _safe(read: Callable[[], Raw]) -> Raw | Missing:
    """What is told; ``MISSING`` if it is not there or cannot be read."""
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError):
        return MISSING


def gid_told(row: Row, key: str) -> Raw | Missing:
    """The gid of something that a story names."""
    return _safe(lambda: None if row[key] is None else str(row[key]["gid"]))


def custom_told(info: FieldInfo, row: Row, age: str) -> Raw | Missing:
    """The value of a custom field before or after; dates look like a task's dates here."""
    prefix = f"{age}_"
    value = {key.removeprefix(prefix): v for key, v in row.items() if key.startswith(prefix)}
    told = value.get("date_value")
    if isinstance(told, dict) and "due_on" in told:
        value["date_value"] = {"date": told["due_on"], "date_time": told.get("due_at")}
    return _safe(lambda: custom_value(info, value))


def _due(dates: Any) -> Raw | Missing:
    return _safe(lambda: None if dates is None else when(dates["due_on"], dates.get("due_at")))


def _start(dates: Any) -> Raw | Missing:
    """The start; of a timed task a story tells the day only, so that is not known."""
    if isinstance(dates, dict) and dates.get("due_at") and dates.get("start_on"):
        return MISSING
    return _safe(lambda: None if dates is None else when(dates["start_on"], None))


def _dates(row: Row) -> Iterator[tuple[str, Pair]]:
    """Due and start, which share their stories. Only what the story is about may be untold."""
    about = "start" if row["resource_subtype"] == "start_date_changed" else "due"
    old, new = row.get("old_dates", MISSING), row.get("new_dates", MISSING)
    for field, read in (("due", _due), ("start", _start)):
        pair = (read(old), read(new))
        if field == about or (pair[0] != pair[1] and MISSING not in pair):
            yield field, pair


def _name(row: Row) -> Iterator[tuple[str, Pair]]:
    yield "name", (_safe(lambda: row["old_name"] or None), _safe(lambda: row["new_name"] or None))


def _flag(value: bool) -> Callable[[Row], Iterable[tuple[str, Pair]]]:
    return lambda _: [("completed", (not value, value))]


READERS: Final[dict[str, Callable[[Row], Iterable[tuple[str, Pair]]]]] = {
    "name_changed": _name,
    "notes_changed": lambda _: [("notes", (MISSING, MISSING))],
    "due_date_changed": _dates,
    "start_date_changed": _dates,
    # A story names who has the task now; whose it was before, only an earlier one would say.
    "assigned": lambda row: [("assignee", (MISSING, gid_told(row, "assignee")))],
    "unassigned": lambda _: [("assignee", (MISSING, None))],
    "marked_complete": _flag(True),
    "marked_incomplete": _flag(False),
    "added_to_project": lambda row: [("project", (MISSING, gid_told(row, "project")))],
    "removed_from_project": lambda row: [("project", (gid_told(row, "project"), MISSING))],
}
"""How to read a kind of story that is about fields every task has."""
