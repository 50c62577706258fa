"""Addresses from a browser: what is pasted, and which thing of which system it shows."""

import pytest

from syncer.adapterkit.addresses import Address, Spot, pasted
from syncer.adapterkit.registry import adapter_spec

TRELLO_ID = "5f1a2b3c4d5e6f7a8b9c0d1e"
CARD = Spot("card", "CV3atpLy", "https://trello.com/c/CV3atpLy")
BOARD = Spot("board", "nC8QJJoZ", "https://trello.com/b/nC8QJJoZ")
TASK = Spot("task", "1205")
PROJECT = Spot("project", "77")
DEAL = Spot("deal", "9001", account="/243/")
COMPANY = Spot("company", "42", account="/243/")
PROPERTY = Spot("property", "213025502")

SHOWN = [
    ("trello", "https://trello.com/c/CV3atpLy", CARD),
    ("trello", "https://trello.com/c/CV3atpLy/12-new-shop?filter=x#comment-5f1a", CARD),
    ("trello", "https://www.trello.com/c/CV3atpLy.json", CARD),
    ("trello", "http://trello.com/c/CV3atpLy/", CARD),
    ("trello", "trello.com/c/CV3atpLy/12-new-shop", CARD),
    ("trello", f"https://trello.com/c/{TRELLO_ID}", Spot("card", TRELLO_ID, f"https://trello.com/c/{TRELLO_ID}")),
    ("trello", "https://trello.com/b/nC8QJJoZ/website-relaunch", BOARD),
    ("trello", "https://trello.com/b/nC8QJJoZ/website-relaunch?menu=filter&filter=due:week", BOARD),
    ("trello", "https://trello.com/w/honeyandrye/home", None),
    ("trello", "https://trello.com/u/maya/boards", None),
    ("asana", "https://app.asana.com/0/77/1205", TASK),
    ("asana", "https://app.asana.com/0/77/1205/f", TASK),
    ("asana", "https://app.asana.com/0/0/1205/f", TASK),
    ("asana", "https://app.asana.com/0/77/list", PROJECT),
    ("asana", "https://app.asana.com/0/77", PROJECT),
    ("asana", "https://app.asana.com/0/search/555/1205", TASK),
    ("asana", "https://app.asana.com/0/inbox/9/1205/31", TASK),
    ("asana", "https://app.asana.com/0/home/9", None),
    ("asana", "https://app.asana.com/1/5/project/77/task/1205?focus=true", TASK),
    ("asana", "https://app.asana.com/1/5/project/77/task/1205/comment/31?focus=true", TASK),
    ("asana", "https://app.asana.com/1/5/task/1205", TASK),
    ("asana", "https://app.asana.com/1/5/inbox/9/item/1205/story/31", TASK),
    ("asana", "https://app.asana.com/1/5/project/77/list/88", PROJECT),
    ("asana", "https://app.asana.com/1/5/home", None),
    ("asana", "https://app.asana.com/admin", None),
    ("hubspot", "https://app.hubspot.com/contacts/243/record/0-3/9001", DEAL),
    ("hubspot", "https://app-eu1.hubspot.com/contacts/243/record/0-3/9001/view/1?eschref=%2Fx", DEAL),
    ("hubspot", "https://app.hubspot.com/contacts/243/deal/9001/", DEAL),
    ("hubspot", "https://app.hubspot.com/contacts/243/record/0-2/42", COMPANY),
    ("hubspot", "https://app.hubspot.com/contacts/243/company/42?interaction=note", COMPANY),
    ("hubspot", "https://app.hubspot.com/contacts/243/record/0-1/77", None),
    ("hubspot", "https://app.hubspot.com/contacts/243/objects/0-3/views/all/list", None),
    ("hubspot", "https://app.hubspot.com.evil.example/contacts/243/deal/9001", None),
    ("google_analytics", "https://analytics.google.com/analytics/web/#/p213025502/reports/intelligenthome", PROPERTY),
    ("google_analytics", "https://analytics.google.com/analytics/web/?hl=en#/a54516992p213025502/admin/x?params=_u", PROPERTY),
    ("google_analytics", "https://analytics.google.com/analytics/web/#/p213025502", PROPERTY),
    ("google_analytics", "https://analytics.google.com/analytics/web/", None),
]  # fmt: skip


@pytest.mark.parametrize(("system", "text", "spot"), SHOWN, ids=range(len(SHOWN)))
def test_an_address_shows_one_thing_of_its_system(
    system: str, text: str, spot: Spot | None
) -> None:
    """Short links, old and new forms, places around the id: the thing itself, never what is near."""
    address = pasted(text)
    assert address is not None

    assert ([spot] if spot else []) == list(adapter_spec(system).addresses(address))
    for other in ("trello", "asana", "hubspot", "google_analytics", "memory"):
        assert other == system or [] == list(adapter_spec(other).addresses(address))


@pytest.mark.parametrize(
    "text",
    [
        " https://trello.com/c/CV3atpLy?x=1#y ",
        "<https://trello.com/c/CV3atpLy?x=1#y>",
        "(https://trello.com/c/CV3atpLy?x=1#y).",
        "“https://trello.com/c/CV3atpLy?x=1#y”",
        "[the card](https://trello.com/c/CV3atpLy?x=1#y)",
        "HTTPS://Trello.com:443/c/CV3atpLy/?x=1#y",
        "https://trello.com/c/CV3at\npLy?x=1#y",
    ],
    ids=["blanks", "angles", "brackets", "quotes", "markdown", "capitals", "broken line"],
)
def test_what_is_pasted_around_an_address_does_not_matter(text: str) -> None:
    """Blanks, brackets, quotes, Markdown and line ends are not of the address."""
    assert Address("trello.com", ("c", "CV3atpLy"), {"x": "1"}, "y") == pasted(text)


@pytest.mark.parametrize(
    "text", ["", "Website relaunch", "r_12ab", "1.5/2", "https://", "https://[", "a: b/c"]
)
def test_a_title_is_no_address(text: str) -> None:
    """Titles, ids and what is broken are not taken for addresses."""
    assert pasted(text) is None
