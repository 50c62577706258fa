"""The page of `explain --out` in a real browser: alone, on a phone, for every eye, whatever is in it."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from syncer.report.page.data import mapped
from syncer.report.page.explain import story_html
from syncer.report.saying import changed
from syncer.report.storyparts import Row, Told, Twin, View
from tests.page.test_browser import CONTRAST, LONG, opened

BRIEF = "A shop with pre-order and pick-up, for people who are in a hurry. No blog."


def made() -> View:
    """A story with everything in it."""
    edit = Told(
        "20 Nov 2026 14:05", "deadline", "1 January 2027", "22 January 2027", (), "Anna Brandt",
        "account manager", "in HubSpot", "held as a proposal", "P7KQ2M",
        "approved by Maya Okafor on 21 November 2026, 9:00", "ownership.yaml:65", "c_1", "Asana",
        "", confidential=False, held=True,
    )  # fmt: skip
    text = replace(
        edit, field="brief", old=BRIEF, new=BRIEF.replace("No blog", "And a blog"),
        pieces=changed(BRIEF, BRIEF.replace("No blog", "And a blog")), number="", became="",
        verdict="put back: it is not theirs to set", confidential=True, held=False,
    )  # fmt: skip
    bare = replace(edit, field="", who="", role="", where="", verdict="", number="", became="")
    row = Row("price", "18500 EUR", "Anna Brandt", "account manager", "HubSpot",
              "20 Nov 2026 14:05", "ownership.yaml:61", confidential=True)  # fmt: skip
    twin = Twin("Asana", "project", "1200", "linked", "https://app.asana.com/1/5/project/1200")
    return View(
        client="Honey & Rye", entity="project", title="Website relaunch", id="r_1",
        zone="Europe/London", sentence='The deadline of "Website relaunch" is 22 January 2027.',
        also=("Not settled: Tom Lindqvist asks for more.",), rows=(row,), twins=(twin,),
        lines=(replace(bare, text="first seen in Asana"), edit, text), earlier=2, beside=5,
        begins="1 November 2026, 9:00",
    )  # fmt: skip


VIEWS = {
    "story": made,
    "nothing": lambda: replace(made(), also=(), rows=(), twins=(), lines=(), earlier=0, beside=0),
    "hostile": lambda: mapped(
        made(), lambda text: text if text in ("", "same", "gone", "new") else LONG
    ),
}


@pytest.fixture(scope="module", params=VIEWS)
def page(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Tab, list[str]]]:
    """Each page, open, with all that went wrong or went out."""
    file: Path = tmp_path_factory.mktemp("pages") / "why.html"
    file.write_text(story_html(VIEWS[request.param]()), encoding="utf-8")
    with opened(browser, file) as (tab, bad):
        yield request.param, tab, bad


def test_it_needs_nothing_but_itself(page: tuple[str, Tab, list[str]]) -> None:
    """It asks nothing of any other place, says nothing is wrong, and runs no script."""
    _, tab, bad = page

    assert [] == bad
    assert 0 == tab.locator("script, link, iframe, object, img, a, [src], [onerror]").count()
    assert tab.evaluate("window.hacked === undefined")


def test_nothing_hangs_over_the_side_and_all_can_be_read(
    page: tuple[str, Tab, list[str]],
) -> None:
    """On a phone one scrolls down only; all words have the contrast that WCAG 2.2 asks for."""
    _, tab, _ = page
    for width in (390, 820, 1100):
        tab.set_viewport_size({"width": width, "height": 800})
        found: list[dict[str, Any]] = tab.evaluate(CONTRAST)

        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert found
        assert [] == [one for one in found if one["ratio"] < 4.5]


def test_there_is_an_order_to_listen_to(page: tuple[str, Tab, list[str]]) -> None:
    """One title, headings without gaps, the events as a list."""
    name, tab, _ = page
    levels = [int(one.evaluate("e => e.tagName")[1]) for one in tab.locator("h1, h2, h3").all()]

    assert 1 == levels.count(1) == tab.locator("main").count()
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert (0 if name == "nothing" else 3) == tab.locator("ol.events > li").count()


def test_it_says_for_whom_it_is_and_what_is_confidential(
    page: tuple[str, Tab, list[str]],
) -> None:
    """Nobody sends it to a client without having been told; what is secret is marked as such."""
    name, tab, _ = page

    assert 1 == tab.get_by_text("Not for the client").count()
    assert (0 if name == "nothing" else 2) == tab.get_by_text("Confidential", exact=True).count()
    if name == "story":
        assert ["No", "And a"] == [
            tab.locator(tag).first.inner_text().strip() for tag in ("del", "ins")
        ]
    if name == "hostile":
        assert tab.locator("h1").inner_text().startswith("<script>window.hacked = 1</script>")
