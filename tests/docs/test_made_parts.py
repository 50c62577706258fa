"""The parts of the pages that are made from the code are those of the code."""

import re

import pytest

from syncer.settings import load, readme
from tests.architecture.source import modules
from tests.docs import page
from tests.settings.agency import SECRETS


@pytest.mark.parametrize("name", [each.name for each in page.PAGES])
def test_the_made_parts_are_current(name: str) -> None:
    """Tables are those of models, adapters and rules: `python -m syncer.settings.readme`."""
    text = page.Page(name).text

    assert readme.current(text) == text


def test_the_command_finds_the_pages() -> None:
    """Without a word it makes the parts of every page that has some."""
    assert {each.file for each in page.PAGES} == set(readme.pages(page.ROOT))


def test_every_part_stands_on_a_page() -> None:
    """What can be made is there, once."""
    begin = re.compile(r"<!-- made by syncer\.settings\.readme: (\w+) -->")
    names = [name for each in page.PAGES for name in begin.findall(each.text)]

    assert sorted(readme.PARTS) == sorted(names)


def test_a_part_that_is_not_known_is_no_silence() -> None:
    """A misspelt name between the markers is an error."""
    text = "<!-- made by syncer.settings.readme: onwers -->\n<!-- end of onwers -->\n"

    with pytest.raises(KeyError, match="onwers"):
        readme.current(text)


def test_making_twice_changes_nothing() -> None:
    """A page may be made anew at any time."""
    for each in page.PAGES:
        once = readme.current(each.text)
        assert once == readme.current(once)


@pytest.mark.parametrize(
    ("key", "use"),
    [
        ("confidential", r"\.confidential\b"),
        ("expires", r"\bexpires_days\b|\bexpires_at="),
        ("on_expiry", r"\.on_expiry\b"),
        ("away", r"\.away\b"),
    ],
)
def test_what_can_be_set_is_acted_on(key: str, use: str) -> None:
    """A key that is read and checked makes the service do something."""
    places = modules("syncer/engine", "syncer/reconcile")

    assert any(re.search(rf"[`.]{key}[`:]", each.text) for each in page.PAGES)
    assert [module.path for module in places if re.search(use, module.text)]


def test_where_confidential_fields_go_as_shipped() -> None:
    """The page says which tools get them, since nothing keeps them back yet."""
    config = load(page.ROOT, SECRETS)
    mapped = {
        system: {field for entity in mapping.entities.values() for field in entity.fields}
        for system, mapping in config.clients["bakery"].mappings.items()
    }
    fields = config.ownership.confidential

    assert {"strategy", "price", "budget_hours"} == fields
    assert not fields & mapped["trello"]
    assert fields <= mapped["asana"]
    assert "confidential field is mapped to Trello" in page.README.prose
