"""Quotas: how long to wait after each refusal, and what is left for others."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.google_analytics.faults import to_midnight, to_the_hour
from adapters.google_analytics.ledger import AFTER_ERRORS, Ledger, remaining
from adapters.google_analytics.sandbox import meter
from syncer.adapterkit.errors import AdapterError, AskPerson, SkipRecord, WaitAndRetry
from syncer.adapterkit.measuring import Unanswered
from syncer.model.measures import Answer
from tests.adapters.google_analytics.bench import BAKERY, Bench, ask

NOON = datetime(2026, 11, 20, 12, 40, tzinfo=UTC)


def refused(b: Bench, status: int, message: str, times: int = 1) -> WaitAndRetry:
    """What comes of a refusal with these words, at twenty to one."""
    body = {"error": {"code": status, "message": message}}
    headers = {"date": "Fri, 20 Nov 2026 12:40:00 GMT", "content-type": "application/json"}
    fault = {"status": status, "body": json.dumps(body), "headers": headers}
    b.running.fault(fault, times=times, path=":runReport")
    # However long this test takes, no wait is over.
    b.adapter._wire.ledger._clock = lambda: 0.0
    with pytest.raises(WaitAndRetry) as caught:
        list(b.adapter.ask([ask()]))
    return caught.value


@pytest.mark.parametrize(
    ("quota", "seconds"),
    [
        (meter.HOUR, 20 * 60),
        (meter.PROJECT, 20 * 60),
        (meter.THRESHOLDED, 20 * 60),
        (meter.DAY, (19 * 60 + 20) * 60),
        (meter.CONCURRENT, 5),
        (meter.CLIENT, 15 * 60),
        (meter.SERVER, 60 * 60),
        ("something new", 60 * 60),
    ],
)
def test_each_refusal_has_its_own_wait(b: Bench, quota: str, seconds: float) -> None:
    """Told apart by the vendor's words; what is not understood is an hour. One request each."""
    error = refused(b, 429, meter.text(quota) if quota in meter.TEXTS else quota)

    assert error.seconds == seconds
    assert b.count(":runReport") == 1
    with pytest.raises(WaitAndRetry):
        list(b.adapter.ask([ask()]))
    assert b.count(":runReport") == 1, "nothing is asked of that property before"
    assert list(b.adapter.ask([ask(property="423456789")])), "others go on"


def test_a_longer_wait_that_is_asked_for_counts(b: Bench) -> None:
    """Retry-After is not documented, and honoured if it comes."""
    body = json.dumps({"error": {"message": "Exhausted concurrent requests quota"}})
    b.running.fault(
        {"status": 429, "body": body, "headers": {"retry-after": "77"}}, path=":runReport"
    )
    with pytest.raises(WaitAndRetry) as caught:
        list(b.adapter.ask([ask()]))
    assert caught.value.seconds == 77


@pytest.mark.parametrize("status", [500, 503, 504])
def test_a_vendor_that_fails_is_tried_three_times(b: Bench, status: int) -> None:
    """No more: each failure is counted, and ten in an hour lock everybody out."""
    error = refused(b, status, "Internal error encountered.", times=9)

    assert b.count(":runReport") == 3
    assert error.seconds == AFTER_ERRORS
    with pytest.raises(WaitAndRetry):
        list(b.adapter.ask([ask()]))
    assert b.count(":runReport") == 3


def test_where_tokens_are_made_has_no_part_in_it(b: Bench) -> None:
    """It may fail as well; the property has not, and is asked as soon as there is a token."""
    b.running.fault({"status": 503}, times=4, path="/token$")
    with pytest.raises(WaitAndRetry):
        list(b.adapter.ask([ask()]))
    assert b.answer(ask()).rows


def test_a_bad_moment_passes(b: Bench) -> None:
    """One failure, or an answer that never came: it is asked again."""
    b.running.fault({"status": 503}, path=":runReport")
    b.running.fault({"drop": "after"}, path=":runReport")

    assert b.answer(ask()).rows


@pytest.mark.parametrize("quota", ["tokensPerDay", "tokensPerHour", "tokensPerProjectPerHour"])
def test_a_share_of_each_quota_is_left_to_others(b: Bench, quota: str) -> None:
    """Below it, nothing is asked; which quota, what is left and until when are said."""
    most = meter.STANDARD[quota]
    b.control("quota", property=BAKERY, limits={quota: most // 10 + 2})
    adapter = b.opened(reserve=0.1)
    assert b.answer(ask(), adapter).rows
    # It costs two tokens, and leaves as much as is kept: once more may be asked.
    assert b.answer(ask(), adapter).rows
    with pytest.raises(WaitAndRetry) as caught:
        list(adapter.ask([ask()]))
    text = str(caught.value)

    assert f"of {most} tokens of " in text
    assert "10% are kept for other tools" in text
    assert "it is asked again at 20" in text
    assert 0 < caught.value.seconds <= 86400
    with pytest.raises(WaitAndRetry):
        list(adapter.ask([ask()] * 2))
    assert b.count("Report") == 2
    assert adapter.describe(BAKERY).zone, "the Admin API has quotas of its own"


def test_the_reserve_also_stops_in_the_middle(b: Bench) -> None:
    """What was answered before is not lost."""
    b.control("quota", property=BAKERY, limits={"tokensPerHour": 4003})
    found: list[Any] = []
    with pytest.raises(WaitAndRetry):
        found.extend(b.adapter.ask([ask(report=f"r{n}") for n in range(8)]))
    # A list is extended by what came before the error.
    assert [type(each) for each in found] == [Answer] * 5
    assert b.count(":batchRunReports") == 1


def test_without_a_reserve_all_of_it_may_be_used(b: Bench) -> None:
    """For an account that has the property for itself."""
    b.control("quota", property=BAKERY, limits={"tokensPerHour": 12})
    adapter = b.opened(reserve=0)

    assert b.answer(ask(), adapter).rows
    assert b.answer(ask(), adapter).rows


def status(**left: int | None) -> dict[str, Any]:
    """A ``propertyQuota``."""
    return {name: {"consumed": 1, "remaining": rest} for name, rest in left.items()}


def test_a_hold_ends_when_the_quota_begins_anew() -> None:
    """Not before and not after; a shorter one does not cut a longer one short."""
    now = [1000.0]
    ledger = Ledger(0.1, clock=lambda: now[0])
    ledger.read("1", status(tokensPerHour=3999), NOON)
    ledger.hold("1", 5, "too many at once")
    with pytest.raises(WaitAndRetry, match=r"3999 of 40000 .* again at 2026-11-20 13:00 UTC") as e:
        ledger.check("1")
    assert e.value.seconds == 1200
    ledger.check("2")
    now[0] += 1201
    ledger.check("1")


def test_a_large_property_has_ten_times_more() -> None:
    """Known by its service level, or once more is left than others have at all."""
    for large in (False, True):
        ledger = Ledger(0.1)
        ledger.read("1", status(tokensPerHour=400_000 if large else 40_000), NOON)
        ledger.read("1", status(tokensPerHour=30_000), NOON)
        if large:
            with pytest.raises(WaitAndRetry, match="30000 of 400000"):
                ledger.check("1")
        else:
            ledger.check("1")


def test_the_last_server_errors_are_kept() -> None:
    """With fewer left than one request may use up, none is sent."""
    ledger = Ledger(0.1)
    ledger.read("1", status(serverErrorsPerProjectPerHour=3), NOON)
    ledger.check("1")
    ledger.read("1", status(serverErrorsPerProjectPerHour=2), NOON)
    with pytest.raises(WaitAndRetry, match="only 2 server errors"):
        ledger.check("1")


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ({"consumed": 5, "remaining": 7}, 7),
        ({"consumed": 5}, 0),
        ({"consumed": 5, "remaining": "7"}, 7),
        ({}, None),
        (None, None),
        ({"consumed": 5, "remaining": None}, None),
        ({"remaining": "some"}, None),
        ([], None),
    ],
)
def test_what_is_left_is_read_with_care(told: Any, left: int | None) -> None:
    """A zero is left out on the wire; what cannot be read holds nobody back."""
    assert remaining(told) == left


def test_midnight_is_that_of_california() -> None:
    """Eight hours behind in winter, seven in summer, and a day of 25 hours in between."""
    assert to_midnight(datetime(2026, 11, 20, 7, 59, tzinfo=UTC)) == 60
    assert to_midnight(datetime(2026, 7, 1, 6, 59, 30, tzinfo=UTC)) == 30
    assert (
        to_midnight(datetime(2026, 11, 1, 7, 0, tzinfo=UTC)) == timedelta(hours=25).total_seconds()
    )
    assert to_the_hour(NOON) == 1200


def test_a_fault_of_the_vendors_is_an_adapter_error(b: Bench) -> None:
    """A page instead of JSON, with any status: for a report or for the property."""
    kinds = {}
    for code in (200, 302, 400, 403, 404, 418, 429, 502):
        b.running.fault({"status": code, "body": "<html>"}, times=9, path=":runReport")
        try:
            [found] = b.opened().ask([ask(property=str(code))])
            assert isinstance(found, Unanswered)
            kinds[code] = type(found.error)
        except AdapterError as error:
            kinds[code] = type(error)
        b.running.desk.faults.clear()
    later, never = {200, 429, 502}, {302, 400, 404, 418}
    assert kinds == {
        403: AskPerson,
        **dict.fromkeys(later, WaitAndRetry),
        **dict.fromkeys(never, SkipRecord),
    }


def test_what_is_left_is_told(b: Bench) -> None:
    """One small report tells it, and costs a little of it; others have spent no more."""
    before = b.count(":runReport")
    first = {each.what: each.left for each in b.adapter.quotas(BAKERY)}
    second = {each.what: each.left for each in b.adapter.quotas(BAKERY)}

    assert b.count(":runReport") - before == 2
    assert {"tokens of the day", "tokens of the hour", "tokens of this project's hour"} == set(
        first
    )
    assert all(0 < second[what] < left for what, left in first.items())
