"""The client's report as one HTML page: no script, nothing asked of any other place."""

import re
from functools import cache
from html import unescape
from itertools import count
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from msgspec import Struct

from syncer.model.client_inside import AgencyPage
from syncer.model.client_parts import Part
from syncer.model.client_report import Page, Plot
from syncer.model.readers import Audience
from syncer.report.page import words
from syncer.report.page.alt import Names, described
from syncer.report.page.sums import shares, standing_counts

_HEAD: Final = re.compile(
    r'<meta name="generator" content="syncer report">\s*'
    r'<meta name="audience" content="(?P<audience>\w+)">\s*'
    r'<meta name="client" content="(?P<client>[^"]*)">'
)

GENERATOR: Final = "syncer report"
"""By this a page is known as one of ours, and may be replaced by a newer one."""


class Drawn(Struct, frozen=True):
    """A plot as it stands in the page: for wide and narrow screens, and in words."""

    wide: Markup
    narrow: Markup
    alt: str


def made_for(head: str) -> tuple[str, str] | None:
    """Of which client (its key) a page is, and for whom; None if it is no page of ours."""
    found = _HEAD.search(head)
    return (unescape(found["client"]), found["audience"]) if found else None


def client_html(page: Page) -> str:
    """The page for a client. What it does not hold cannot be shown."""
    return _html(page, Audience.CLIENT, None)


def agency_html(page: AgencyPage) -> str:
    """The page for the agency: the client's, with what is inside marked as such."""
    return _html(page.page, Audience.AGENCY, page)


def _html(page: Page, audience: Audience, inside: AgencyPage | None) -> str:
    keys = count(1)

    def draw(plot: Plot, value: str, goal: str = "Goal") -> Drawn:
        from syncer.report.page.plots import drawn

        # The drawing holds numbers, days and months only, and was made here.
        wide, narrow = (Markup(svg) for svg in drawn(plot, f"p{next(keys)}"))  # noqa: S704
        return Drawn(wide, narrow, described(plot, Names(words.said(value), goal)))

    return (
        templates()
        .get_template("page.html")
        .render(page=page, audience=audience, inside=inside, draw=draw, **_constants())
    )


def _constants() -> dict[str, Any]:
    return {
        "Audience": Audience,
        "Part": Part,
        "generator": GENERATOR,
        "words": words,
        "marks": words.marks,
        "standing_counts": standing_counts,
        "shares": shares,
    }


@cache
def templates() -> Environment:
    """What all pages are made with: everything that is put in is escaped."""
    made = Environment(
        loader=PackageLoader("syncer.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["said"] = words.said
    return made
