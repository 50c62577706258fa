"""What is stored short is written out by its names."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

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


@pytest.mark.parametrize("table", ["records", "links"])
def test_a_damaged_row_is_told_with_the_way_out(hamlet: Hamlet, table: str) -> None:
    """A value that says nothing ends an export with the file's name, not with a fault of ours."""
    assert hamlet("run").code == 0
    [file] = hamlet.root.rglob("*.db")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE records SET agreed = 'x'")

    found = hamlet("export", table)

    assert found.code == 2
    assert "the file is damaged" in found.err
