"""Every YAML example on the pages loads, merged into the shipped file it is for."""

import re
from pathlib import Path

import pytest

from syncer.engine.examples import attempt
from syncer.settings import conditions
from syncer.settings.examples import examples
from syncer.state import Store
from tests.docs import page
from tests.docs.recipes import EXAMPLES, FILES, SECTIONS, merged, plain, with_examples


def test_every_example_says_which_file_it_is_for() -> None:
    """The first line of each names a file that is shipped, or Kubernetes."""
    odd = [b.about for b in EXAMPLES if b.about not in FILES and b.about != "kubernetes"]

    assert EXAMPLES
    assert all(name.startswith("mappings/") and (page.ROOT / name).is_file() for name in odd)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_examples_of_a_section_load(section: str, tmp_path: Path) -> None:
    """Together they are right, with the real adapters' options; no client is broken."""
    assert {} == with_examples(tmp_path, section).broken


PLAYED = sorted({block.section for block in EXAMPLES if block.about == "config/examples.yaml"})


@pytest.mark.parametrize("section", PLAYED)
def test_the_rules_of_a_section_come_to_what_it_says(section: str, tmp_path: Path) -> None:
    """Its own examples of what people do come out as they are written."""
    config = with_examples(tmp_path, section)
    with Store.open(tmp_path / "state.db", config.schema) as store:
        tried = [attempt(config, store, one) for one in examples(config.root, config)]

    assert tried
    assert [] == [one for one in tried if not one.good]


@pytest.mark.parametrize("section", SECTIONS)
def test_the_examples_of_a_section_change_something(section: str, tmp_path: Path) -> None:
    """An example that says what is shipped anyway would prove nothing; people and secrets may."""
    said = [b for b in EXAMPLES if b.section == section and b.about != "kubernetes"]
    base = {b.about: plain((page.ROOT / b.about).read_text("utf-8")) for b in said}
    same = [b.about for b in said if merged(base[b.about], plain(b.content)) == base[b.about]]

    assert not same or section == "Files"


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
