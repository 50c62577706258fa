"""What is stored short is written out by its names."""

import json
from typing import Any

from tests.cli.hamlet import Hamlet


def exported(hamlet: Hamlet, table: str) -> list[dict[str, Any]]:
    """The rows of a table, as other programs read them."""
    rows: list[dict[str, Any]] = json.loads(hamlet("export", table, "--json").out)
    return rows


def test_records_and_links_are_exported_by_name(hamlet: Hamlet) -> None:
    """A value stands under `value`, what a tool showed under `seen`: nobody has to know the form."""
    assert hamlet("run").code == 0

    [row] = [row for row in exported(hamlet, "records") if row["title"] == "Build"]
    agreed = json.loads(row["agreed"])
    assert agreed["deadline"]["value"] == "2026-11-30"
    assert "ownership.yaml:" in agreed["deadline"]["rule"]
    assert agreed["title"] | {"value": "Build"} == agreed["title"]

    links = [link for link in exported(hamlet, "links") if link["record"] == row["id"]]
    assert {"one", "two"} == {link["connection"] for link in links}
    for link in links:
        assert (
            json.loads(link["fields"])["deadline"]
            | {
                "seen": "2026-11-30",
                "read": "2026-11-30",
                "remote": "due",
            }
            == json.loads(link["fields"])["deadline"]
        )
