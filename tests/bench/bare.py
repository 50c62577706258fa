"""The least that copying can cost: the same requests, sent one after the other, and no more.

``python -m tests.bench.bare FROM TO`` reads every page of one system of the server and makes
each record in another with one POST. It remembers nothing, so a second run would make all twice.
"""

import sys

import httpx

from tests.bench.records import MAPPED


def copy(source: str, target: str) -> None:
    """Projects first, for items name them."""
    made: dict[str, str] = {}
    headers = {"authorization": "Bearer u-syncer"}
    with httpx.Client(headers=headers, trust_env=False) as client:
        for kind in ("projects", "items"):
            after: int | None = 0
            while after is not None:
                answer = client.get(f"{source}/{kind}", params={"after": after})
                page = answer.raise_for_status().json()
                for row in page["results"]:
                    body = {name: row[name] for name in MAPPED if name in row}
                    if body.get("project"):
                        body["project"] = made[body["project"]]
                    told = client.post(f"{target}/{kind}", json=body).raise_for_status().json()
                    if kind == "projects":
                        made[row["id"]] = told["id"]
                after = page["next"]


if __name__ == "__main__":
    copy(*sys.argv[1:])
