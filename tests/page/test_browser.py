"""The page in a real browser: what it asks for, how it looks on a phone, for whom it is readable."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from syncer.model.client_inside import AgencyPage
from syncer.report.page.data import mapped
from syncer.report.page.render import agency_html, client_html
from tests.page.made import agency_page, page

HOSTILE = (
    "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
    "\"'&lt;}}{% raw %}</style></title></svg>\x00\x1b[31m"
    "\u202eהפוך\u2066 👩‍👩‍👧 𝕬 https://evil.example/?sig=abc "
)
LONG = HOSTILE + "W" * 10_000
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


def hostile() -> AgencyPage:
    """The page of everything, in which every text is somebody's bad idea."""
    return mapped(agency_page(), lambda text: text if _ours(text) else LONG)


def _ours(text: str) -> bool:
    """Whether a rate is one is no free text, nor is the zone."""
    return text in ("", "%", "Europe/London")


PAGES = {
    "client": lambda: client_html(page()),
    "agency": lambda: agency_html(agency_page()),
    "nothing": lambda: client_html(replace(page(), sections=())),
    "hostile": lambda: agency_html(hostile()),
}


MOST_PAGES = {"client": 7, "agency": 9, "nothing": 1, "hostile": 60}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each page as a file."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, made in PAGES.items():
        found[name] = folder / f"{name}.html"
        found[name].write_text(made(), encoding="utf-8")
    return found


@contextmanager
def opened(browser: Browser, file: Path, width: int = 1100) -> Iterator[tuple[Tab, list[str]]]:
    """A page that is open, with all that went wrong or went out."""
    tab = browser.new_page(viewport={"width": width, "height": 800})
    bad: list[str] = []
    tab.on("console", lambda said: bad.append(f"console: {said.text}"))
    tab.on("pageerror", lambda error: bad.append(f"error: {error}"))
    tab.on("request", lambda asked: bad.append(asked.url) if asked.url != file.as_uri() else None)
    tab.goto(file.as_uri(), wait_until="load")
    yield tab, bad
    tab.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_nothing_but_itself(
    browser: Browser, files: dict[str, Path], name: str
) -> None:
    """Opening it asks nothing of any other place, says nothing is wrong, and runs no script."""
    with opened(browser, files[name]) as (tab, bad):
        assert [] == bad
        assert 0 == tab.locator("script, link, iframe, object, img, [src], [onerror]").count()
        assert tab.evaluate("window.hacked === undefined")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [390, 820])
def test_nothing_hangs_over_the_side(
    browser: Browser, files: dict[str, Path], name: str, width: int
) -> None:
    """On a phone, and on a tablet, one scrolls down and never to the side."""
    with opened(browser, files[name], width) as (tab, _):
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        # Nor is anything cut off that hangs over without being scrolled to.
        over = tab.evaluate(
            "[...document.querySelectorAll('main *, header *')].filter(e => "
            "!e.closest('svg') && !e.closest('thead') && e.getClientRects().length && "
            "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
        )
        assert [] == over


def test_every_plot_says_what_it_shows(browser: Browser, files: dict[str, Path]) -> None:
    """Whoever does not see a plot is told in words what is in it; each is told once."""
    with opened(browser, files["client"]) as (tab, _):
        plots = tab.get_by_role("img").all()
        said = [plot.get_attribute("aria-label") or "" for plot in plots]

        assert 4 == len(plots) == tab.locator("figure").count()
        assert all(len(text) > 60 for text in said), said
        assert "Goal: 500" in said[1]
        assert "Launch: 18\xa0Dec\xa02026" in said[1]
        assert 0 == tab.locator("svg:not([aria-hidden=true])").count()
        for plot in plots:
            assert 1 == sum(svg.is_visible() for svg in plot.locator("svg").all())


@pytest.mark.parametrize("width", [390, 1100])
def test_words_in_plots_can_be_read(browser: Browser, files: dict[str, Path], width: int) -> None:
    """Numbers beside a plot's axes are about as large as other small words, also on a phone."""
    with opened(browser, files["client"], width) as (tab, _):
        heights = tab.evaluate(
            "[...document.querySelectorAll('svg text')].map("
            "t => t.getBoundingClientRect().height).filter(Boolean)"
        )
        assert len(heights) > 20
        assert min(heights) >= 11


@pytest.mark.parametrize("name", PAGES)
def test_there_is_an_order_to_listen_to(
    browser: Browser, files: dict[str, Path], name: str
) -> None:
    """One title, headings without gaps, every table with its caption and headed columns."""
    with opened(browser, files[name]) as (tab, _):
        levels = [
            int(one.evaluate("e => e.tagName")[1]) for one in tab.locator("h1, h2, h3, h4").all()
        ]
        assert 1 == levels.count(1) == tab.locator("main").count()
        assert all(below - above <= 1 for above, below in pairwise(levels))
        for table in tab.locator("table").all():
            assert table.locator("caption").inner_text().strip()
            assert table.locator("thead th").count() >= 2
        assert "en" == tab.locator("html").get_attribute("lang")


@pytest.mark.parametrize("name", ["client", "agency"])
@pytest.mark.parametrize("width", [390, 1100])
def test_everything_stands_out(
    browser: Browser, files: dict[str, Path], name: str, width: int
) -> None:
    """All words have the contrast of at least 4.5 that WCAG 2.2 asks for (1.4.3, level AA).

    https://www.w3.org/TR/WCAG22/#contrast-minimum
    """
    with opened(browser, files[name], width) as (tab, _):
        found: list[dict[str, Any]] = tab.evaluate(CONTRAST)
        assert len(found) > 100
        assert [] == [one for one in found if one["ratio"] < 4.5]


@pytest.mark.parametrize("name", PAGES)
def test_it_prints(browser: Browser, files: dict[str, Path], name: str) -> None:
    """On paper it is a few pages, each with its number."""
    with opened(browser, files[name]) as (tab, _):
        paper = tab.pdf(prefer_css_page_size=True)
        pages = len(re.findall(rb"/Type\s*/Page\b", paper))

        assert paper.startswith(b"%PDF")
        assert 1 <= pages <= MOST_PAGES[name]
        assert b"/MediaBox [0 0 594.9" in paper or b"/MediaBox [0 0 595" in paper


def test_whatever_is_written_stays_text(browser: Browser, files: dict[str, Path]) -> None:
    """Markup, templates and marks of another script are shown as they were typed."""
    with opened(browser, files["hostile"]) as (tab, _):
        seen = tab.locator("h1").inner_text()

        assert seen.startswith("<script>window.hacked = 1</script><img src=x")
        assert "{% raw %}</style></title></svg>" in seen
        assert "👩‍👩‍👧 𝕬" in seen
        assert seen.endswith("…")
        assert len(seen) <= 300


def test_the_agencys_page_says_so(browser: Browser, files: dict[str, Path]) -> None:
    """Nobody sends the wrong page without having been told."""
    for name, times in (("agency", 1), ("client", 0)):
        with opened(browser, files[name]) as (tab, _):
            assert times == tab.get_by_text("Not for the client").count()
