"""Every YAML example on the pages loads, merged into the shipped file it is for."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from syncer.model.configuration import Configuration
from syncer.settings import conditions, load
from tests.docs import page
from tests.settings.agency import SECRETS, copied

ENVIRON = SECRETS | {"DATABASE_URL": "postgresql://syncer@db/syncer"}
EXAMPLES = [
    block
    for block in page.blocks()
    if block.language == "yaml" and block.page != "docs/adding-an-adapter.md"
]
FILES = {f"config/{name}.yaml" for name in ("sync", "ownership", "people", "texts")}
SECTIONS = sorted({b.section for b in EXAMPLES if b.about != "kubernetes"})


def read(text: str) -> Any:
    """YAML as plain values."""
    return YAML(typ="safe").load(text)


def merged(base: Any, change: Any, *, within: str = "") -> Any:
    """What a file says once an example is written into it; a field's line is replaced whole."""
    if within == "fields" or not (isinstance(base, dict) and isinstance(change, dict)):
        return {**base, **change} if within == "fields" else change
    found = dict(base)
    for key, value in change.items():
        found[key] = merged(base[key], value, within=key) if key in base else value
    return found


def with_examples(root: Path, section: str) -> Configuration:
    """The shipped configuration with all examples of a section."""
    agency = copied(root)
    for block in EXAMPLES:
        if block.section == section and block.about != "kubernetes":
            file = agency.root / block.about
            whole = merged(read(file.read_text("utf-8")), read(block.content))
            file.write_text(json.dumps(whole, default=str), "utf-8")
    return load(agency.root, ENVIRON)


def test_every_example_says_which_file_it_is_for() -> None:
    """The first line of each names a file that is shipped, or Kubernetes."""
    odd = [b.about for b in EXAMPLES if b.about not in FILES and b.about != "kubernetes"]

    assert EXAMPLES
    assert all(name.startswith("mappings/") and (page.ROOT / name).is_file() for name in odd)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_examples_of_a_section_load(section: str, tmp_path: Path) -> None:
    """Together they are right, with the real adapters' options; no client is broken."""
    assert {} == with_examples(tmp_path, section).broken


@pytest.mark.parametrize("section", SECTIONS)
def test_the_examples_of_a_section_change_something(section: str, tmp_path: Path) -> None:
    """An example that says what is shipped anyway would prove nothing; people and secrets may."""
    said = [b for b in EXAMPLES if b.section == section and b.about != "kubernetes"]
    base = {b.about: read((page.ROOT / b.about).read_text("utf-8")) for b in said}
    same = [b.about for b in said if merged(base[b.about], read(b.content)) == base[b.about]]

    assert not same or section == "Files"


def test_the_conditions_mean_what_the_page_says(tmp_path: Path) -> None:
    """Templates, separators and private cards are out; a finished project gets no board."""
    found = with_examples(tmp_path, "What is in scope, what is made, how it is archived")
    trello = found.clients["bakery"].mappings["trello"].entities

    def card(**fields: Any) -> Mapping[str, Any]:
        usual = {"is_template": False, "role": None, "labels": [], "custom": {}}
        return {"card": usual | fields, "client": {"key": "bakery", "name": "B"}}

    when, create = trello["task"].when, trello["project"].create
    assert when is not None
    assert not isinstance(create, bool)
    shown = [card(), card(labels=["Web"]), card(labels=["Private"]), card(role="separator")]
    assert [True, True, False, False, False] == [
        when(context) for context in (*shown, card(is_template=True))
    ]
    assert [True, False, False] == [
        create({"project": {"status": status}}) for status in ("active", "done", None)
    ]
    assert {"field": "list", "option": "Archive"} == trello["task"].archive


def test_a_day_is_told_by_its_time(tmp_path: Path) -> None:
    """The example of dates changes the time that stands for the day."""
    found = with_examples(tmp_path, "Dates without a time in Trello")
    deadline = found.clients["bakery"].mappings["trello"].entities["task"].fields["deadline"]

    assert ("18:00:00", "client") == (str(deadline.day_end), deadline.zone)


def test_a_client_may_differ(tmp_path: Path) -> None:
    """The variant and the overrides are this client's only; `~` takes a field out."""
    found = with_examples(tmp_path, "Variants and overrides")
    bakery, outdoor = (found.clients[key].mappings for key in ("bakery", "outdoor"))

    assert ("card", "board") == tuple(
        mappings["trello"].entities["project"].object for mappings in (bakery, outdoor)
    )
    assert "priority" not in bakery["asana"].entities["task"].fields
    assert "priority" in outdoor["asana"].entities["task"].fields


def test_a_password_is_never_in_an_example() -> None:
    """Whoever copies an example copies no bad habit: secrets are named, not written."""
    words = [word for block in EXAMPLES for word in ("token:", "key:") if word in block.content]
    lines = [
        line.strip()
        for block in EXAMPLES
        for line in block.content.splitlines()
        if line.strip().startswith(("token:", "key:"))
    ]

    assert words
    assert all(": env:" in line or ": file:" in line for line in lines)


def test_every_function_of_a_condition_is_named() -> None:
    """The list of functions is whole."""
    named = page.COOKBOOK.prose.partition("Known functions:")[2].partition("\n\n")[0]

    assert conditions._FUNCTIONS == set(re.findall(r"`(\w+)`", named))
