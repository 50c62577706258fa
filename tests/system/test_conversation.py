"""The conversation of the README is the one that people see."""

from tests.architecture.source import ROOT
from tests.system.conversation import rendered, within


def test_the_readme_shows_the_conversation_as_it_is() -> None:
    """Rendered from the stand-ins by the demo's own story; `python -m tests.system.conversation`."""
    page = (ROOT / "README.md").read_text("utf-8")

    assert rendered() == within(page)
