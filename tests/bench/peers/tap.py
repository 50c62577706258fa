"""A tap over the server's items: what it reads it prints, as singer-sdk does.

``python tap.py --config FILE``.
"""

from collections.abc import Iterable
from typing import Any

import requests
from singer_sdk import Stream, Tap
from singer_sdk import typing as th
from singer_sdk.helpers.types import Context

TEXTS = (
    "id name notes project status start due priority size code created_at created_by modified_at url"
).split()


class Items(Stream):
    """All items."""

    name = "items"
    primary_keys = ("id",)
    schema = th.PropertiesList(
        *(th.Property(name, th.StringType) for name in TEXTS),
        th.Property("assignees", th.ArrayType(th.StringType)),
        th.Property("labels", th.ArrayType(th.StringType)),
        th.Property("estimate", th.NumberType),
        th.Property("archived", th.BooleanType),
        th.Property("position", th.IntegerType),
        th.Property("comments", th.IntegerType),
    ).to_dict()

    def get_records(self, context: Context | None) -> Iterable[dict[str, Any]]:
        """A hundred a page."""
        with requests.Session() as session:
            session.headers["authorization"] = "Bearer u-maya"
            after: int | None = 0
            while after is not None:
                url = f"{self.config['url']}/items"
                page = session.get(url, params={"after": after}, timeout=60).json()
                yield from page["results"]
                after = page["next"]


class Bench(Tap):
    """One stream."""

    name = "tap-bench"
    config_jsonschema = th.PropertiesList(th.Property("url", th.StringType)).to_dict()

    def discover_streams(self) -> list[Stream]:
        """The one there is."""
        return [Items(self)]


if __name__ == "__main__":
    Bench.cli()
