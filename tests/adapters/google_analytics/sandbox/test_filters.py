"""The whole filter tree selects as it says."""

from typing import Any

import pytest

from tests.adapters.google_analytics.sandbox.desk import Desk, only

WEEK = {"since": "2026-10-19", "until": "2026-10-25"}
CAMPAIGNS = "sessionCampaignName"


def campaigns(there: Desk, tree: Any) -> set[str]:
    return {row[0] for row in there.rows(CAMPAIGNS, dimensionFilter=tree, **WEEK)}


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"value": "relaunch-teaser"}, {"relaunch-teaser"}),
        ({"matchType": "EXACT", "value": "Relaunch-Teaser"}, {"relaunch-teaser"}),
        ({"matchType": "EXACT", "value": "Relaunch-Teaser", "caseSensitive": True}, set()),
        ({"matchType": "BEGINS_WITH", "value": "RELAUNCH"}, {"relaunch-teaser", "relaunch-preorder", "relaunch-letter"}),
        ({"matchType": "BEGINS_WITH", "value": "RELAUNCH", "caseSensitive": True}, set()),
        ({"matchType": "ENDS_WITH", "value": "-monthly"}, {"newsletter-monthly"}),
        ({"matchType": "CONTAINS", "value": "letter"}, {"newsletter-monthly", "relaunch-letter"}),
        ({"matchType": "FULL_REGEXP", "value": "relaunch-.*r"}, {"relaunch-teaser", "relaunch-preorder", "relaunch-letter"}),
        ({"matchType": "FULL_REGEXP", "value": "relaunch"}, set()),
        ({"matchType": "PARTIAL_REGEXP", "value": "^brand|teas"}, {"brand-search", "relaunch-teaser"}),
    ],
)  # fmt: skip
def test_texts_are_matched(there: Desk, told: dict[str, Any], found: set[str]) -> None:
    """Each kind of match, without regard to case unless it is asked for."""
    assert campaigns(there, only(CAMPAIGNS, **told)) == found


def test_lists_emptiness_and_negation(there: Desk) -> None:
    """A list, what is not set, and everything but."""
    every = {row[0] for row in there.rows(CAMPAIGNS, **WEEK)}
    some = only(CAMPAIGNS, "inListFilter", values=["Brand-Search", "(direct)"])
    assert campaigns(there, some) == {"brand-search", "(direct)"}
    exact = only(CAMPAIGNS, "inListFilter", values=["Brand-Search", "(direct)"], caseSensitive=True)
    assert campaigns(there, exact) == {"(direct)"}
    assert campaigns(there, only(CAMPAIGNS, "emptyFilter")) == {"(not set)"}
    assert campaigns(there, {"notExpression": some}) == every - {"brand-search", "(direct)"}


def test_groups_nest(there: Desk) -> None:
    """All of some, any of others, to any depth; other dimensions than those shown may serve."""
    paid = only("sessionMedium", value="cpc")
    shop = only("landingPage", matchType="BEGINS_WITH", value="/shop")
    letter = only(CAMPAIGNS, matchType="CONTAINS", value="letter")
    tree = {
        "orGroup": {
            "expressions": [{"andGroup": {"expressions": [paid, {"notExpression": shop}]}}, letter]
        }
    }
    assert campaigns(there, tree) == {"brand-search", "newsletter-monthly", "relaunch-letter"}
    parts = [there.number(dimensionFilter=part, **WEEK) for part in (shop, {"notExpression": shop})]
    assert sum(parts) == there.number(**WEEK)
    assert min(parts) > 0


def test_numbers_and_dates(there: Desk) -> None:
    """Dates compare as numbers; filters of metrics look at the rows that were made."""
    late = only(
        "date", "numericFilter", operation="GREATER_THAN_OR_EQUAL", value={"int64Value": "20261024"}
    )
    assert {r[0] for r in there.rows("date", dimensionFilter=late, **WEEK)} == {
        "20261024",
        "20261025",
    }
    between = only(
        "date",
        "betweenFilter",
        fromValue={"int64Value": "20261020"},
        toValue={"doubleValue": 20261021},
    )
    assert {r[0] for r in there.rows("date", dimensionFilter=between, **WEEK)} == {
        "20261020",
        "20261021",
    }
    rows = {row[0]: float(row[1]) for row in there.rows("landingPage", **WEEK)}
    many = only("sessions", "numericFilter", operation="GREATER_THAN", value={"doubleValue": 900.5})
    told = there.report(by="landingPage", metricFilter=many, **WEEK)
    assert told["rowCount"] == len([count for count in rows.values() if count > 900.5]) > 0


def test_an_event_is_a_filter_as_well(there: Desk) -> None:
    """Sessions of an event are counted once, however many events fit."""
    key = only("isKeyEvent", value="true")
    either = only("eventName", "inListFilter", values=["session_start", "page_view"])
    assert there.number(dimensionFilter=either, **WEEK) == there.number(**WEEK)
    assert 0 < there.number(dimensionFilter=key, **WEEK) < there.number(**WEEK)
    assert there.number(of="keyEvents", dimensionFilter=key, **WEEK) == there.number(
        of="keyEvents", **WEEK
    )


@pytest.mark.parametrize(
    "tree",
    [
        {"filter": {"fieldName": "date"}},
        {"filter": {"stringFilter": {"value": "x"}}},
        {"andGroup": {}},
        {"andGroup": {"expressions": []}, "filter": {"fieldName": "date", "emptyFilter": {}}},
        only(CAMPAIGNS, "inListFilter", values=[]),
        only(CAMPAIGNS, matchType="FULL_REGEXP", value="("),
        only(CAMPAIGNS, matchType="MATCH_TYPE_UNSPECIFIED", value="x"),
        only("date", "numericFilter", operation="EQUAL"),
        only("sessions", value="3"),
    ],
)
def test_a_tree_that_says_nothing_is_refused(there: Desk, tree: Any) -> None:
    """What is incomplete, or about a metric, is a 400."""
    assert there.refused(dimensionFilter=tree)[:2] == (400, "INVALID_ARGUMENT")
