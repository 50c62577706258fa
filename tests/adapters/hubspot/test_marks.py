"""What tells a row that is as it was delivered last from one that is not."""

from typing import Any

import pytest

from adapters.hubspot.decode import is_newer, mark_of

ROW: dict[str, Any] = {
    "id": "1",
    "updatedAt": "2026-11-20T08:15:30.123Z",
    "properties": {"dealname": "Relaunch", "amount": "100", "pipeline": "default"},
}


def test_a_row_that_is_as_it_was_has_its_mark() -> None:
    """In whatever order HubSpot names the properties, and whatever it adds beside them."""
    turned = dict(reversed(ROW["properties"].items()))
    same = {**ROW, "properties": turned, "objectWriteTraceId": "x"}
    assert mark_of(same, "7") == mark_of(ROW, "7")


@pytest.mark.parametrize(
    "other",
    [
        {"updatedAt": "2026-11-20T08:15:30.124Z"},
        {"properties": {**ROW["properties"], "amount": "101"}},
        {"properties": {**ROW["properties"], "amount": None}},
        {"properties": {**ROW["properties"], "client_strategy": "New"}},
        {"url": "https://app.example/deal/1"},
    ],
    ids=["time", "value", "emptied", "a field more", "address"],
)
def test_a_row_that_changed_has_another_mark(other: dict[str, Any]) -> None:
    """A value, the time of change, a property that is asked for now: each makes it news."""
    assert mark_of({**ROW, **other}, "7") != mark_of(ROW, "7")


def test_a_deal_found_by_another_company_is_news() -> None:
    """A company that was merged into another hands its deals on."""
    assert mark_of(ROW, "7") != mark_of(ROW, "8")


@pytest.mark.parametrize(
    "odd",
    [{}, {"properties": None}, {"properties": []}, {"updatedAt": "soon"}, {"updatedAt": 7}],
    ids=["nothing", "null", "a list", "no time", "a number"],
)
def test_an_odd_row_has_a_mark_too(odd: dict[str, Any]) -> None:
    """Whatever HubSpot sends, the same again is no news, and anything later than it is."""
    assert mark_of(odd) == mark_of(dict(odd))
    assert is_newer(ROW, mark_of(odd))
    assert not is_newer(ROW, mark_of(ROW))
