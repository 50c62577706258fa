"""Reports as they are asked for, and what becomes of the answers."""

import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import pytest

from adapters.google_analytics import asking, wire
from syncer.adapterkit.contract import Scope
from syncer.adapterkit.errors import AskPerson
from syncer.model.measures import Answer, Ask, Flag, Grain, Property, Slice
from tests.adapters.google_analytics.bench import BAKERY, DAYS, Bench, ask

CHANNEL = "sessionDefaultChannelGroup"


def by_day(answer: Answer, metric: str) -> dict[date, Decimal]:
    """A metric of each day, added up over everything else."""
    found: dict[date, Decimal] = defaultdict(Decimal)
    for row in answer.rows:
        found[row.day] += row.values[metric]
    return dict(found)


def test_five_reports_go_in_one_call(b: Bench) -> None:
    """Seven reports of a property are two calls, and each answer belongs to its ask."""
    asks = [ask("sessions", report=f"r{number}") for number in range(5)]
    asks += [ask("keyEvents", report="events"), ask("sessions", report="m", grain=Grain.MONTH)]
    answers = list(b.adapter.ask(asks))

    assert [each.ask for each in answers] == asks
    assert all(isinstance(each, Answer) and each.rows for each in answers)
    assert b.count(":batchRunReports") == 2
    assert b.count(":runReport") == 0


def test_a_request_says_all_it_must(b: Bench) -> None:
    """Absolute days, the largest page, all dimensions in order, and what is left of the quota."""
    b.answer(ask("sessions", dimensions=(CHANNEL,)))

    [body] = b.sent(":runReport")
    assert body == {
        "dateRanges": [{"startDate": "2026-11-02", "endDate": "2026-11-06"}],
        "dimensions": [{"name": "date"}, {"name": CHANNEL}],
        "metrics": [{"name": "sessions"}],
        "orderBys": [
            {"dimension": {"dimensionName": "date"}},
            {"dimension": {"dimensionName": CHANNEL}},
        ],
        "limit": "250000",
        "offset": "0",
        "keepEmptyRows": False,
        "returnPropertyQuota": True,
    }


def test_days_and_months(b: Bench) -> None:
    """A day's figure has its day, a month's its first; zone and currency come along."""
    days = b.answer(ask("sessions", "totalRevenue"))
    assert [row.day for row in days.rows] == [date(2026, 11, day) for day in range(2, 7)]
    assert (days.zone, days.currency, days.flags) == ("Europe/London", "EUR", frozenset())
    assert days.at.tzinfo is UTC

    span = (date(2026, 9, 1), date(2026, 10, 31))
    months = b.answer(ask("activeUsers", grain=Grain.MONTH, days=span))
    assert [row.day for row in months.rows] == [date(2026, 9, 1), date(2026, 10, 1)]


def test_key_events_keep_their_fractions(b: Bench) -> None:
    """A conversion that is shared out is a fraction, and stays one exactly."""
    b.control(
        "figures",
        property=BAKERY,
        date="2026-11-04",
        scale=0,
        add={"sessions": 1, "keyEvents:generate_lead": 2.25},
    )
    [row] = b.answer(ask("keyEvents", days=(date(2026, 11, 4),) * 2)).rows

    assert row.values == {"keyEvents": Decimal("2.25")}


def test_parts_of_a_breakdown_have_their_names(b: Bench) -> None:
    """Values of dimensions are kept as the vendor says them; parts add up to the day."""
    whole = b.answer(ask("sessions"))
    parts = b.answer(ask("sessions", dimensions=(CHANNEL, "landingPage")))

    assert by_day(whole, "sessions") == by_day(parts, "sessions")
    assert {tuple(row.dimensions) for row in parts.rows} == {(CHANNEL, "landingPage")}
    assert "(not set)" in {row.dimensions["landingPage"] for row in parts.rows}


def test_filters_of_slice_and_report_both_count(b: Bench) -> None:
    """What the client's slice leaves out stays out, and the report narrows it further."""
    [own, relaunch] = b.adapter.slices(b.scope)
    everything = b.answer(ask("sessions", dimensions=("hostName", CHANNEL)))
    client = Ask("r", own, ("sessions",), *DAYS, dimensions=("hostName",))
    project = Ask("r", relaunch, ("sessions",), *DAYS, dimensions=("landingPage",))
    letters = Ask("r", own, ("sessions",), *DAYS, filters={"channel": ("e*",)})

    hosts = {row.dimensions["hostName"] for row in everything.rows}
    assert hosts == {"www.honeyandrye.example", "staging.honeyandrye.example"}
    assert {r.dimensions["hostName"] for r in b.answer(client).rows} == {"www.honeyandrye.example"}
    pages = {row.dimensions["landingPage"] for row in b.answer(project).rows}
    assert pages
    assert all(page.startswith("/shop") for page in pages)
    email = {
        "hostName": "www.honeyandrye.example",
        CHANNEL: "Email",
    }
    wanted = sum(r.values["sessions"] for r in everything.rows if r.dimensions == email)
    assert sum(by_day(b.answer(letters), "sessions").values()) == wanted


def test_pages_are_put_together(b: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the pages are, the answer is the same and no row is lost."""
    breakdown = ask("sessions", dimensions=(CHANNEL,))
    whole = b.answer(breakdown)
    monkeypatch.setattr(asking, "PAGE", 7)
    before = b.count(":runReport")
    paged = b.answer(breakdown)

    assert whole.rows == paged.rows
    assert b.count(":runReport") - before == -(-len(whole.rows) // 7)
    batched = list(b.adapter.ask([breakdown, breakdown]))
    assert [each.rows for each in batched if isinstance(each, Answer)] == [whole.rows] * 2


def test_an_answer_that_is_too_large_comes_in_small_pages(
    b: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a batch or alone; asking for it whole again and again would not help."""
    breakdown = ask("sessions", dimensions=(CHANNEL,))
    whole = b.answer(breakdown)
    monkeypatch.setattr(wire, "LARGEST", 4000)
    monkeypatch.setattr(asking, "SMALL_PAGE", 10)
    adapter = b.opened()

    assert [each.rows for each in adapter.ask([breakdown, ask()]) if isinstance(each, Answer)] == [
        whole.rows,
        b.answer(ask()).rows,
    ]


def test_more_metrics_than_fit_are_asked_for_in_parts(b: Bench) -> None:
    """Eleven metrics are two requests of one call; rows are joined by what they are of."""
    names = (
        "sessions", "engagedSessions", "activeUsers", "newUsers", "screenPageViews", "keyEvents",
        "totalRevenue", "ecommercePurchases", "userEngagementDuration", "eventCount",
        "keyEvents:purchase",
    )  # fmt: skip
    b.control("figures", property=BAKERY, date="2026-11-04", scale=0, add={"sessions": 3})
    answer = b.answer(ask(*names))

    assert [len(body["metrics"]) for body in b.sent(":batch")[0]["requests"]] == [10, 1]
    assert len(answer.rows) == 5
    assert all(row.values.keys() == set(names) for row in answer.rows)
    # Of that day the second request has no row: all that it asks for is 0.
    empty = next(row for row in answer.rows if row.day == date(2026, 11, 4))
    assert empty.values["sessions"] == 3
    assert empty.values["keyEvents:purchase"] == 0


def test_days_without_traffic_are_not_made_up(b: Bench) -> None:
    """No row is no figure: what it means is not for the adapter to say."""
    b.control("figures", property=BAKERY, date="2026-11-04", scale=0)

    assert date(2026, 11, 4) not in by_day(b.answer(ask("sessions")), "sessions")
    b.control("flags", property=BAKERY, empty="NO_DATA")
    assert b.answer(ask("sessions")).rows == ()


@pytest.mark.parametrize(
    ("wish", "flag"),
    [
        ({"sampled": 0.4}, Flag.SAMPLED),
        ({"thresholded": True}, Flag.THRESHOLDED),
        ({"other": 3}, Flag.OTHER),
        ({"truncated": [{"dataTruncationType": "DATA_TRUNCATION_TYPE_PROPERTY"}]}, Flag.TRUNCATED),
    ],
)
def test_what_makes_figures_less_than_exact_is_told(b: Bench, wish: Any, flag: Flag) -> None:
    """The vendor's own words about its answer, one flag each."""
    b.control("flags", property=BAKERY, **wish)

    assert b.answer(ask("sessions", dimensions=("landingPage",))).flags == {flag}


def test_what_a_role_forbids_is_left_out(b: Bench) -> None:
    """The vendor answers 0 for it: that is no figure."""
    b.control("role", user="maya", property=BAKERY, role="no revenue")
    answer = b.answer(ask("sessions", "totalRevenue"))

    assert answer.restricted == {"totalRevenue"}
    assert answer.flags == {Flag.RESTRICTED}
    assert all(row.values.keys() == {"sessions"} for row in answer.rows)
    assert answer.rows


def test_no_more_than_four_reports_are_under_way(b: Bench) -> None:
    """Also where many threads ask for one property: none is refused for it."""
    adapter = b.adapter
    adapter.whoami()
    b.running.fault({"slow": 0.05}, times=99, path=":(batchR|r)unReport")
    asks = [ask("sessions", report=f"r{n}") for n in range(4)]
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda n: list(adapter.ask(asks[: n % 4 + 1])), range(12)))

    assert [len(answers) for answers in found] == [n % 4 + 1 for n in range(12)]
    assert {r["status"] for r in b.running.requests if "Report" in str(r["path"])} == {200}


def test_every_property_is_listed_and_described(b: Bench) -> None:
    """By the names people know; zone and currency as they are now."""
    adapter = b.opened("syncer")
    listed = {each.id: each for each in adapter.properties()}

    assert {each.name for each in listed.values()} >= {"Honey & Rye Bakery", "Lakeside Cabins"}
    assert listed[BAKERY].account == "Honey & Rye Bakery"
    cabins = next(id for id, each in listed.items() if each.name == "Lakeside Cabins")
    found = adapter.describe(cabins)
    assert (found.zone, found.currency) == ("America/Los_Angeles", "USD")
    assert adapter.now().tzinfo is not None


def test_slices_of_a_client_and_its_projects(b: Bench) -> None:
    """A project's words stand beside the client's; the same word stands instead of it."""
    scope = b.scope.options.model_validate(
        {
            "property": "412345678",
            "filters": {"host": "www.x.example", "medium": ["email", "cpc"]},
            "projects": {"Shop": {"landing_page": "/shop*", "host": "shop.x.example"}, "Rest": {}},
        }
    )
    whole = {"hostName": ("www.x.example",), "sessionMedium": ("email", "cpc")}
    shop = whole | {"landingPage": ("/shop*",), "hostName": ("shop.x.example",)}
    assert b.adapter.slices(Scope("x", scope)) == [
        Slice(BAKERY, filters=whole),
        Slice(BAKERY, "Shop", shop),
        Slice(BAKERY, "Rest", whole),
    ]
    assert b.count() == 0


def test_a_property_in_the_bin(b: Bench) -> None:
    """It is still answered for, for 35 days; a person must bring it back."""
    body = {
        "name": f"properties/{BAKERY}", "displayName": "x", "timeZone": "Europe/Rome",
        "currencyCode": "EUR", "deleteTime": "2026-11-01T00:00:00Z",
    }  # fmt: skip
    b.running.fault({"status": 200, "body": json.dumps(body)}, path=f"/{BAKERY}$")
    with pytest.raises(AskPerson, match="in the bin"):
        b.adapter.describe(BAKERY)
    body |= {"deleteTime": "", "timeZone": "Mars/Olympus"}
    b.running.fault({"status": 200, "body": json.dumps(body)}, path=f"/{BAKERY}$")
    with pytest.raises(AskPerson, match="time zone"):
        b.adapter.describe(BAKERY)
    assert isinstance(b.adapter.describe(BAKERY), Property)
