"""Reports are asked for and answered as the vendor's are."""

from typing import Any

import pytest

from tests.adapters.google_analytics.sandbox.desk import BAKERY, HTTP, Desk, only, rows, wish

DAYS = {"since": "2026-11-02", "until": "2026-11-08"}
BY_DATE = [{"dimension": {"dimensionName": "date"}}]


def test_an_answer_leaves_defaults_out(there: Desk) -> None:
    """Values are texts, the count is a number, and what is empty is not there at all."""
    told = there.report(by="date", of="sessions keyEvents")
    assert told["kind"] == "analyticsData#runReport"
    assert told["dimensionHeaders"] == [{"name": "date"}]
    assert [h["type"] for h in told["metricHeaders"]] == ["TYPE_INTEGER", "TYPE_FLOAT"]
    assert told["rowCount"] == 1
    assert told["rows"][0]["dimensionValues"] == [{"value": "20261119"}]
    assert all(isinstance(v["value"], str) for v in told["rows"][0]["metricValues"])
    none = there.report(by="date", since="2027-01-01")
    assert none.keys() == {"dimensionHeaders", "metricHeaders", "metadata", "kind"}


@pytest.mark.parametrize("limit", [3, "3"])
def test_pages_are_cut_from_one_order(there: Desk, limit: Any) -> None:
    """Limit and offset, as numbers or texts, cut pages; the count stays that of all rows."""
    look = {"by": "date", "orderBys": BY_DATE, **DAYS}
    whole = there.rows(**look)
    pages = [there.report(limit=limit, offset=start, **look) for start in (0, 3, 6)]
    assert [row for page in pages for row in rows(page)] == whole
    assert {page["rowCount"] for page in pages} == {7}
    assert "rows" not in there.report(offset="7", **look)


def test_ten_thousand_rows_unless_more_are_asked_for(there: Desk) -> None:
    """Without a limit rows beyond 10,000 are left out, which only the count tells."""
    look = {"by": "date sessionSourceMedium landingPage country", "until": "yesterday"}
    told = there.report(since="2026-09-25", **look)
    assert len(told["rows"]) == 10_000 < told["rowCount"]
    assert len(there.report(since="2026-09-25", limit="10003", **look)["rows"]) == 10_003


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ({"dimension": {"dimensionName": "day"}, "desc": True}, "31"),
        ({"dimension": {"dimensionName": "day", "orderType": "NUMERIC"}}, "01"),
        ({"metric": {"metricName": "sessions"}, "desc": True}, None),
    ],
)
def test_rows_stand_in_the_order_asked_for(there: Desk, order: Any, first: str | None) -> None:
    """By a dimension or a metric, up or down."""
    found = there.rows("day", since="2026-10-01", until="2026-10-31", orderBys=[order])
    assert first in (None, found[0][0])
    column = [float(row[1 if first is None else 0]) for row in found]
    assert column == sorted(column, reverse=bool(order.get("desc")))


def test_two_ranges_make_a_column(there: Desk) -> None:
    """The range of a row stands behind its other dimensions, by its name or number."""
    ranges = [
        {"startDate": "2026-11-02", "endDate": "2026-11-08"},
        {"startDate": "3daysAgo", "endDate": "yesterday", "name": "late"},
    ]
    told = there.ask(
        "runReport",
        wish("deviceCategory") | {"dateRanges": ranges, "metricAggregations": ["TOTAL"]},
    )
    assert [h["name"] for h in told["dimensionHeaders"]] == ["deviceCategory", "dateRange"]
    assert {row[1] for row in rows(told)} == {"date_range_0", "late"}
    assert [row[:2] for row in rows(told, "totals")] == [
        ("RESERVED_TOTAL", "date_range_0"),
        ("RESERVED_TOTAL", "late"),
    ]


def test_totals_are_no_rows(there: Desk) -> None:
    """Aggregations have lists of their own; users are counted anew, not added up."""
    told = there.report(
        by="date",
        of="sessions activeUsers",
        metricAggregations=["TOTAL", "MINIMUM", "MAXIMUM"],
        **DAYS,
    )
    found = rows(told)
    [total], [least], [most] = (rows(told, part) for part in ("totals", "minimums", "maximums"))
    assert total[:2] == ("RESERVED_TOTAL", str(sum(int(row[1]) for row in found)))
    assert int(total[2]) < sum(int(row[2]) for row in found)
    assert (int(least[1]), int(most[1])) == (
        min(int(r[1]) for r in found),
        max(int(r[1]) for r in found),
    )
    assert len(found) == told["rowCount"] == 7


def test_empty_rows_are_kept_on_demand(there: Desk) -> None:
    """Rows without a figure are left out; asked for, they are there, but none is invented."""
    look = {"by": "landingPage", "of": "keyEvents:generate_lead"}
    few, all_ = there.rows(**look), there.rows(keepEmptyRows=True, **look)
    assert len(few) < len(all_)
    assert {row[1] for row in all_ if row not in few} == {"0"}
    assert there.rows("landingPage", since="2027-01-01", keepEmptyRows=True) == []


def test_computed_and_hidden_metrics(there: Desk) -> None:
    """A metric may be an expression, and one may serve a filter without being a column."""
    body = wish("date", **DAYS) | {
        "metrics": [
            {"name": "perVisit", "expression": "screenPageViews/(sessions + 0)"},
            {"name": "sessions", "invisible": True},
        ],
        "metricFilter": only(
            "sessions", "numericFilter", operation="GREATER_THAN", value={"int64Value": "1500"}
        ),
    }
    told = there.ask("runReport", body)
    assert told["metricHeaders"] == [{"name": "perVisit", "type": "TYPE_FLOAT"}]
    busy = [row for row in there.rows("date", **DAYS) if int(row[1]) > 1500]
    assert 0 < len(rows(told)) == len(busy) < 7
    assert all(2 < float(row[1]) < 3.2 for row in rows(told))


def test_a_batch_answers_in_order(there: Desk) -> None:
    """Up to five reports of one property, each as if asked for alone."""
    asked = [wish("date", of=name, **DAYS) for name in ("sessions", "keyEvents", "activeUsers")]
    told = there.ask("batchRunReports", {"requests": asked})
    assert told["kind"] == "analyticsData#batchRunReports"
    assert told["reports"] == [there.ask("runReport", one) for one in asked]


def test_one_bad_member_fails_the_batch(desk: Desk) -> None:
    """Nothing of it is answered, and nothing is charged."""
    path = f"/properties/{BAKERY}:batchRunReports"
    for bad in ([wish(), wish(of="nothing")], [wish()] * 6, []):
        assert desk.send("POST", path, {"requests": bad}).status_code == 400
    told = desk.report(returnPropertyQuota=True)["propertyQuota"]["tokensPerDay"]
    assert told["remaining"] + told["consumed"] == 200_000


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"of": "sesions"}, "Did you mean sessions? Field sesions is not a valid metric"),
    ({"by": "campain"}, "Field campain is not a valid dimension"),
    ({"of": "keyEvents:nothing"}, "is not a valid metric"),
    ({"by": "date date"}, "more than once"),
    ({"by": "date year month day yearMonth isoYearIsoWeek dayOfWeek country hostName landingPage"}, "limited to 9"),
    ({"of": "sessions engagedSessions engagementRate bounceRate activeUsers totalUsers newUsers"
            " screenPageViews eventCount keyEvents totalRevenue"}, "limited to 10"),
    ({"by": "campaignName"}, "Please remove sessions to make the request compatible"),
    ({"of": "itemRevenue eventCount"}, "Please remove itemRevenue"),
    ({"by": "landingPage", "of": "advertiserAdCost"}, "Please remove advertiserAdCost"),
    ({"since": "2026-13-01"}, "Invalid startDate"),
    ({"since": "20261101"}, "Invalid startDate"),
    ({"since": "today", "until": "yesterday"}, "must not be after"),
    ({"dateRanges": []}, "dateRange is required"),
    ({"dateRanges": [{"startDate": "today", "endDate": "today"}] * 5}, "limited to 4"),
    ({"dateRanges": [{"startDate": "today", "endDate": "today", "name": "date_range_1"}]}, "reserved"),
    ({"limit": -1}, "limit must be positive"),
    ({"limit": "many"}, "Invalid value at 'limit' (TYPE_INT64)"),
    ({"offset": "-3"}, "offset must not be negative"),
    ({"filters": []}, 'Unknown name "filters": Cannot find field.'),
    ({"metrics": [{"nam": "sessions"}]}, "Unknown name \"nam\" at 'metrics[0]'"),
    ({"orderBys": [{"metric": {"metricName": "keyEvents"}}]}, "is not in the request"),
    ({"orderBys": [{"desc": True}]}, "must have one of"),
    ({"currencyCode": "XXX"}, "Invalid currency code"),
    ({"metricAggregations": ["MEAN"]}, "TYPE_ENUM"),
    ({"property": "properties/1"}, "must be that of the call"),
    ({"metrics": [{"name": "a-b", "expression": "sessions"}]}, "regular expression"),
    ({"metrics": [{"name": "a", "expression": "sessions.real"}]}, "expression"),
    ({"metrics": [{"name": "a", "expression": "sessions/nothing"}]}, "not a valid metric"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "words"), WRONG, ids=[words for _, words in WRONG])
def test_a_wrong_request_is_told_what_is_wrong(
    there: Desk, more: dict[str, Any], words: str
) -> None:
    """A 400 with the vendor's word, and a text that names the culprit."""
    status, word, text = there.refused(**more)
    assert (status, word) == (400, "INVALID_ARGUMENT")
    assert words in text


def test_names_in_snakes_and_numbers_for_words_are_taken(there: Desk) -> None:
    """As protocol buffers read JSON: both spellings, and enumerations by number."""
    body = {
        "date_ranges": [{"start_date": "yesterday", "end_date": "yesterday"}],
        "metrics": [{"name": "sessions"}],
        "metric_aggregations": [5],
        "dimension_filter": {
            "filter": {
                "field_name": "landingPage",
                "string_filter": {"match_type": 2, "value": "/shop"},
            }
        },
    }
    told = there.ask("runReport", body)
    filtered = there.rows(
        dimensionFilter=only("landingPage", matchType="BEGINS_WITH", value="/shop")
    )
    assert rows(told) == filtered
    assert "minimums" in told


def test_words_come_as_numbers_on_demand(there: Desk) -> None:
    """A client that asks for it gets enumerations by number, as the vendor's own does."""
    params = {"$alt": "json;enum-encoding=int"}
    answer = there.send(
        "POST", f"/properties/{BAKERY}:runReport", wish(of="sessions totalRevenue"), params=params
    )
    assert [h["type"] for h in answer.json()["metricHeaders"]] == [1, 9]


def test_an_older_name_still_works(there: Desk) -> None:
    """Conversions are key events, under the name asked for; metadata tells so."""
    told = there.report(of="conversions", **DAYS)
    assert told["metricHeaders"] == [{"name": "conversions", "type": "TYPE_FLOAT"}]
    assert rows(told) == there.rows(of="keyEvents", **DAYS)
    [named] = [m for m in _metadata(there)["metrics"] if m["apiName"] == "keyEvents"]
    assert named["deprecatedApiNames"] == ["conversions"]


def test_metadata_lists_what_reports_take(there: Desk) -> None:
    """Every name that is listed can be asked for; the property 0 has what all have."""
    told = _metadata(there)
    assert told["name"] == f"properties/{BAKERY}/metadata"
    names = {one["apiName"]: one for one in told["metrics"]}
    for of in ("item", "advertiser", ""):
        some = [name for name in names if name.startswith(of)]
        for n in range(0, len(some), 10):
            headers = there.report(of=" ".join(some[n : n + 10]))["metricHeaders"]
            assert all(names[h["name"]]["type"] == h["type"] for h in headers)
        names = {name: one for name, one in names.items() if name not in some}
    for one in told["dimensions"]:
        name = one["apiName"]
        there.report(by=name, of="itemRevenue" if name == "itemName" else "keyEvents")
    universal = {m["apiName"] for m in _metadata(there, "0")["metrics"]}
    assert universal == {m["apiName"] for m in told["metrics"] if ":" not in m["apiName"]}


def _metadata(there: Desk, property: str = BAKERY) -> Any:
    return there.send("GET", f"/properties/{property}/metadata").json()


def test_compatibility_tells_what_goes_together(there: Desk) -> None:
    """What is called compatible can be asked for beside; a request that cannot be asked fails."""
    told = there.ask("checkCompatibility", {"dimensions": [{"name": "campaignName"}]})
    for one in told["metricCompatibilities"]:
        name = one["metricMetadata"]["apiName"]
        answer = there.send("POST", f"/properties/{BAKERY}:runReport", wish("campaignName", name))
        assert (answer.status_code == 200) == (one["compatibility"] == "COMPATIBLE"), name
    few = there.ask(
        "checkCompatibility",
        {"metrics": [{"name": "sessions"}], "compatibilityFilter": "INCOMPATIBLE"},
    )
    assert {d["dimensionMetadata"]["apiName"] for d in few["dimensionCompatibilities"]} >= {
        "campaignName",
        "itemName",
    }
    assert {d["compatibility"] for d in few["dimensionCompatibilities"]} == {"INCOMPATIBLE"}
    body = {"dimensions": [{"name": "campaignName"}], "metrics": [{"name": "sessions"}]}
    answer = there.send("POST", f"/properties/{BAKERY}:checkCompatibility", body)
    assert answer.status_code == 400
    assert "Please remove sessions" in answer.text


def test_the_date_header_is_the_vendors_clock(desk: Desk) -> None:
    """Figures and the Date header go by one clock, which tests set."""
    desk.at(3, 15, month=9)
    answer = desk.send("GET", f"/properties/{BAKERY}")
    assert answer.headers["date"] == "Thu, 03 Sep 2026 15:00:00 GMT"
    assert [row[0] for row in desk.rows("date", since="today")] == ["20260903"]
    desk.control("clock", hours=24)
    assert [row[0] for row in desk.rows("date", since="today")] == ["20260904"]


def test_unknown_parameters_and_paths(there: Desk) -> None:
    """A parameter that no method knows is a 400, a path that is none a 404."""
    wrong = there.send("GET", f"/properties/{BAKERY}", params={"expand": "all"})
    assert (wrong.status_code, "Cannot bind query parameter" in wrong.text) == (400, True)
    for method, path in (
        ("GET", "/nothing"),
        ("GET", f"/properties/{BAKERY}:runReport"),
        ("PATCH", f"/properties/{BAKERY}"),
    ):
        assert there.send(method, path).json()["error"]["status"] == "NOT_FOUND"
    answer = HTTP.post(
        f"{there.running.url}/_sandbox/figures", json={"property": "1", "date": "2026-11-01"}
    )
    assert (answer.status_code, "property: one of" in answer.text) == (400, True)
