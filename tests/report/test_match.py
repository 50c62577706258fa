"""The list of pairs that may be one thing, as people read it."""

from collections.abc import Iterable

from syncer.report.document import Block, Line
from syncer.report.match import candidates_document, decided_document, percent


def said(blocks: Iterable[Block]) -> list[str]:
    """The lines of a document."""
    return ["".join(c.text for c in one.cells) for one in blocks if isinstance(one, Line)]


def test_a_client_that_no_run_looked_at_is_not_called_clear() -> None:
    """Without a run nothing is known of its pairs, and the way to know is said."""
    assert said(candidates_document([], ["bakery"])) == [
        "bakery: no run has looked at it, and only a run keeps what it finds;",
        "  with `mode: observe`, `syncer run` writes nothing to any tool",
    ]
    [clear] = said(candidates_document([]))
    assert clear.startswith("no candidates")


def test_a_score_is_never_shown_higher_than_it_is() -> None:
    """What is shown as 0.95 is accepted by `--above 0.95`."""
    assert [percent(score) for score in (0.947, 0.95, 0.29, 0.9999, 1.0)] == [
        "0.94", "0.95", "0.29", "0.99", "1.00"
    ]  # fmt: skip


def test_nothing_said_changes_nothing() -> None:
    """An empty answer is said to be one, whichever way it was given."""
    assert said(decided_document([], dry=True, way="without --dry-run it is")) == [
        "nothing to change"
    ]
