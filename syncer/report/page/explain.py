"""The story of a record as one HTML page: no script, nothing asked of any other place."""

from typing import Final

from syncer.report.page import words
from syncer.report.page.render import GENERATOR, templates
from syncer.report.storyparts import View

STORY: Final = "story"
"""For whom such a page says that it is: whoever asks why, at the agency."""


def story_html(view: View) -> str:
    """The page about one record, for the agency: it may hold what is confidential, marked."""
    secret = any(row.confidential for row in view.rows) or any(
        line.confidential for line in view.lines
    )
    given = {"view": view, "secret": secret, "words": words, "generator": GENERATOR}
    return templates().get_template("explain.html").render(audience=STORY, **given)
