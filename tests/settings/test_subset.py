"""A configuration for fewer tools."""

from tests.settings.agency import Agency
from tests.settings.test_mistakes import SYNC


def test_tools_that_are_not_connected_may_still_be_named(agency: Agency) -> None:
    """Without HubSpot, people keep their ids there and a role its home; only scopes must go."""
    text = (agency.root / SYNC).read_text("utf-8")
    start, end = text.index("  hubspot:\n"), text.index("  analytics: #")
    lines = (text[:start] + text[end:]).splitlines()
    agency.write(SYNC, "\n".join(line for line in lines if "company:" not in line) + "\n")
    (agency.root / "mappings/hubspot.yaml").unlink()
    found = agency.load()

    assert {} == found.broken
    assert {"trello", "asana", "analytics"} == found.connections.keys()
    assert "hubspot" == found.ownership.roles["account_manager"].home
