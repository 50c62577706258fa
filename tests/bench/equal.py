"""Whether two sides hold the same; in a process of its own, so that the bench stays small.

``python -m tests.bench.equal systems URL ONE TWO`` compares the 12 mapped values of every item,
and what projects hold, of two systems of the server.
``python -m tests.bench.equal table URL ONE FILE`` compares a system's items with the rows that
dlt wrote into an SQLite file. Prints how many are equal; 1 and the first difference where not.
"""

import json
import sqlite3
import sys
from datetime import datetime
from typing import Any
from urllib.request import ProxyHandler, build_opener

from tests.bench.records import MAPPED

Rows = dict[str, dict[str, Any]]


def rows(url: str, system: str) -> Rows:
    """The mapped values of everything there, by kind and name; a project stands by its name."""
    with build_opener(ProxyHandler({})).open(f"{url}/_control/dump?system={system}") as answer:
        lines = [json.loads(line) for line in answer]
    names = {line["row"]["id"]: line["row"]["name"] for line in lines if line["kind"] == "projects"}
    found: Rows = {}
    for line in lines:
        values = {name: line["row"].get(name) for name in MAPPED}
        key = f"{line['kind']} {values['name']}"
        assert key not in found, f"{key} is twice in {system}"
        found[key] = values | {"project": names.get(values["project"])}
    return found


def table(url: str, system: str, file: str) -> tuple[Rows, Rows]:
    """The items of a system by id, and the rows of the table, in the same form."""
    with build_opener(ProxyHandler({})).open(f"{url}/_control/dump?system={system}") as answer:
        lines = [json.loads(line) for line in answer]
    told = {line["row"]["id"]: line["row"] for line in lines if line["kind"] == "items"}
    database = sqlite3.connect(file)
    database.row_factory = sqlite3.Row
    held = [dict(row) for row in database.execute("select * from things")]
    assert len(held) == len({row["id"] for row in held}), "an item is twice in the table"
    names = sorted(next(iter(told.values())))
    return (
        {id: {name: _form(row[name]) for name in names} for id, row in told.items()},
        {row["id"]: {name: _form(row.get(name)) for name in names} for row in held},
    )


def _form(value: Any) -> Any:
    """One form for what SQLite has no type for: lists and truth as JSON, moments in UTC."""
    if isinstance(value, list):
        return json.dumps(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.startswith("["):
        return json.dumps(json.loads(value))
    if isinstance(value, str) and len(value) > 19 and value[10] in "T " and value[:4].isdigit():
        return datetime.fromisoformat(value.replace("Z", "+00:00")).replace(tzinfo=None)
    return value


def difference(one: Rows, two: Rows) -> str:
    """The first difference in words, or nothing."""
    for key in sorted({*one, *two}):
        if one.get(key) != two.get(key):
            return f"{key}: {one.get(key)} is not {two.get(key)}"
    return ""


def main(what: str, url: str, one: str, other: str) -> int:
    """The exit code."""
    sides = table(url, one, other) if what == "table" else (rows(url, one), rows(url, other))
    found = difference(*sides) if sides[0] else f"there is nothing in {one}"
    sys.stdout.write(found or f"{len(sides[0])} equal")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
