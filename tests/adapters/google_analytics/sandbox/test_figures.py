"""The stand-in's figures hang together as a real property's do."""

from itertools import pairwise

import pytest

from tests.adapters.google_analytics.sandbox.desk import ELSEWHERE, Desk, only, rows

ADDING_UP = (
    "sessions engagedSessions newUsers screenPageViews eventCount keyEvents totalRevenue"
    " ecommercePurchases userEngagementDuration keyEvents:generate_lead"
)
WEEK = {"since": "2026-10-05", "until": "2026-10-11"}
SHOP = {"andGroup": {"expressions": [
    only("sessionCampaignName", matchType="BEGINS_WITH", value="relaunch"),
    only("landingPage", matchType="BEGINS_WITH", value="/shop"),
]}}  # fmt: skip


@pytest.mark.parametrize(
    "by",
    [
        "date",
        "isoYearIsoWeek sessionMedium",
        "sessionDefaultChannelGroup",
        "sessionSourceMedium sessionCampaignName",
        "landingPage hostName",
        "deviceCategory",
        "country deviceCategory date",
        "yearMonth landingPagePlusQueryString country",
    ],
)
def test_parts_add_up_to_the_whole(there: Desk, by: str) -> None:
    """However traffic is split, the parts of what adds up are the whole."""
    [whole] = there.rows(of=ADDING_UP, **WEEK)
    parts = there.rows(by, ADDING_UP, **WEEK)

    assert len(parts) > 1
    sums = [sum(float(row[n - 10]) for row in parts) for n in range(10)]
    assert sums == pytest.approx([float(value) for value in whole])


def test_events_are_split_without_loss(there: Desk) -> None:
    """Counts, credit and money add up over events; the sessions of an event are some of all."""
    of = "eventCount keyEvents totalRevenue sessions"
    [whole] = there.rows(of=of, **WEEK)
    parts = {
        row[0]: [float(value) for value in row[1:]] for row in there.rows("eventName", of, **WEEK)
    }

    for n in range(3):
        assert sum(row[n] for row in parts.values()) == pytest.approx(float(whole[n]))
    assert parts["session_start"][3] == float(whole[3])
    assert 0 < parts["purchase"][3] < float(whole[3])
    key = dict(there.rows("isKeyEvent", "keyEvents", **WEEK))
    assert key == {"true": whole[1]}


def test_people_do_not_add_up(there: Desk) -> None:
    """Users of a month are fewer than those of its days together, and no more than sessions."""
    month = {"since": "2026-10-01", "until": "2026-10-31"}
    users, total, sessions = (there.number(of=name, **month) for name in ("activeUsers", "totalUsers", "sessions"))  # fmt: skip
    days = [float(row[1]) for row in there.rows("date", "activeUsers", **month)]
    channels = [
        float(row[1]) for row in there.rows("sessionDefaultChannelGroup", "activeUsers", **month)
    ]

    assert max(days) < users < sum(channels) < sum(days)
    assert users <= total <= sessions
    assert there.number(of="newUsers", **month) < users


def test_rates_are_made_of_sums(there: Desk) -> None:
    """A rate of a week is that of its sums, not a mean of days."""
    of = "engagementRate bounceRate sessions engagedSessions averageSessionDuration"
    [row] = there.rows(of=of, **WEEK)
    rate, bounce, sessions, engaged, lasting = map(float, row)

    assert rate == pytest.approx(engaged / sessions)
    assert rate + bounce == pytest.approx(1)
    assert 20 < lasting < 120


def test_there_are_years_to_look_at(there: Desk) -> None:
    """More than 26 months lie back; a year is better than the one before; weekends differ."""
    months = [float(r[1]) for r in there.rows("yearMonth", since="2024-09-01", until="2026-08-31",
              orderBys=[{"dimension": {"dimensionName": "yearMonth"}}])]  # fmt: skip
    assert len(months) == 24
    assert all(
        1.05 < later / earlier < 1.5 for earlier, later in zip(months, months[12:], strict=False)
    )
    week = dict(there.rows("dayOfWeek", since="2026-06-01", until="2026-08-30"))
    assert float(week["6"]) > 1.15 * float(week["1"])
    assert there.number(since="2020-01-01", until="2020-12-31") == 0


def test_the_relaunch_shows(there: Desk) -> None:
    """Before its campaigns nothing came from them; since then they bring visits and orders."""
    of, shop = "sessions keyEvents totalRevenue", {"dimensionFilter": SHOP}
    assert there.rows(of=of, since="2026-09-01", until="2026-10-10", **shop) == []
    weeks = there.rows("isoYearIsoWeek", of, since="2026-10-12", until="2026-11-15", **shop,
                       orderBys=[{"dimension": {"dimensionName": "isoYearIsoWeek"}}])  # fmt: skip
    sessions = [float(row[1]) for row in weeks]
    assert sessions == sorted(sessions)
    assert sessions[-1] > 1500
    assert all(float(row[3]) > 300 for row in weeks)
    before, since = (there.number(of="totalRevenue", since=f"2026-{m}-01", until=f"2026-{m}-19") for m in ("09", "11"))  # fmt: skip
    assert since > 3 * before


def test_credit_has_fractions(there: Desk) -> None:
    """Sources share key events in quarters; the property as a whole has whole ones."""
    credit = [float(row[1]) for row in there.rows("sessionCampaignName", "keyEvents", **WEEK)]

    assert any(value % 1 for value in credit)
    assert all(value * 4 % 1 == 0 for value in credit)
    assert there.number(of="keyEvents", **WEEK) % 1 == 0


def test_a_run_is_like_the_one_before(there: Desk, desk: Desk) -> None:
    """Two stand-ins show the same figures: there is no chance in them."""
    look = {
        "by": "date sessionSource landingPage",
        "of": ADDING_UP,
        "since": "2026-11-10",
        "until": "2026-11-20",
    }
    assert there.rows(**look) == desk.rows(**look)


def test_the_other_property_lives_elsewhere(there: Desk) -> None:
    """Its days are those of Los Angeles and its money is dollars."""
    told = there.report(property=ELSEWHERE, by="date", since="today")
    assert told["metadata"] == {"currencyCode": "USD", "timeZone": "America/Los_Angeles"}
    there_early = there.number(property=ELSEWHERE, since="today")
    assert 0 < there_early < 0.1 * there.number(property=ELSEWHERE)


def test_money_is_shown_in_the_currency_asked_for(there: Desk) -> None:
    """Another currency is named and converted; counts stay."""
    told = there.report(of="totalRevenue sessions", currencyCode="GBP", **WEEK)
    [euros], [pounds] = there.rows(of="totalRevenue sessions", **WEEK), rows(told)

    assert told["metadata"]["currencyCode"] == "GBP"
    assert float(pounds[0]) == pytest.approx(0.88 * float(euros[0]))
    assert pounds[1] == euros[1]


def test_items_and_advertisements(there: Desk) -> None:
    """What was bought adds up over items; only paid sources cost something."""
    items = there.rows("itemName", "itemsPurchased itemRevenue", **WEEK)
    bought = sum(float(row[1]) for row in items)
    assert bought == there.number(of="ecommercePurchases", **WEEK)
    cost = {
        row[0]: float(row[1]) for row in there.rows("sessionMedium", "advertiserAdCost", **WEEK)
    }
    assert set(cost) == {"cpc", "paid_social"}


def test_today_fills_by_the_hour(desk: Desk) -> None:
    """Today grows every hour, and tomorrow is not there."""
    seen = []
    for hour in range(1, 24, 2):
        desk.at(20, hour)
        seen.append(desk.number(since="today"))
    assert all(one <= other for one, other in pairwise(seen))
    assert seen[0] < 20 < 700 < seen[-1]
    assert desk.number(since="2026-11-21", until="2026-11-30") == 0


def test_days_rise_until_they_are_settled(desk: Desk) -> None:
    """For 72 hours a day grows; then it stays for good, whatever it is split by."""
    day = {"since": "2026-11-16", "of": "sessions keyEvents totalRevenue eventCount"}
    seen = []
    for at in (16, 17, 18, 19, 20, 25):
        desk.at(at, 23)
        seen.append([float(value) for value in desk.rows(**day)[0]])
    for earlier, later in pairwise(seen[:4]):
        assert all(one <= other for one, other in zip(earlier, later, strict=True))
        assert earlier != later
    assert seen[3] == seen[4] == seen[5]
    assert seen[1][0] > 0.85 * seen[3][0]


def test_credit_moves_for_twelve_days(desk: Desk) -> None:
    """Between sources credit is dealt out anew from day to day; after twelve days it stands."""
    look = {"by": "sessionCampaignName landingPage", "of": "keyEvents", "since": "2026-11-02"}
    seen = []
    for at in (6, 8, 10, 13, 14, 20):
        desk.at(at)
        seen.append(sorted(desk.rows(**look)))
    assert all(one != other for one, other in pairwise(seen[:4]))
    assert seen[4] == seen[5]
    sums = {sum(float(row[2]) for row in one) for one in seen}
    assert len(sums) == 1


def test_a_test_can_alter_a_day(desk: Desk) -> None:
    """A day's figures are scaled, taken away, or get something on top, of a certain origin."""
    day = "2026-11-03"
    before = desk.number(since=day)
    desk.control("figures", property="412345678", date=day, scale=0.5)
    assert desk.number(since=day) == pytest.approx(before / 2, rel=0.03)
    desk.control("figures", property="412345678", date=day, scale=0)
    assert desk.rows("date", since=day) == []
    desk.control("figures", property="412345678", date=day, campaign="relaunch-x", landing_page="/shop",
                 add={"sessions": 7, "keyEvents:purchase": 2.5, "purchaseRevenue": 80})  # fmt: skip
    told = desk.rows(
        "sessionCampaignName landingPage hostName", "sessions keyEvents totalRevenue", since=day
    )
    assert told == [("relaunch-x", "/shop", "www.honeyandrye.example", "7", "2.5", "80")]
    desk.control("reset")
    assert desk.number(since=day) == before
