"""What the page points at is there, and what a newcomer must find is pointed at."""

import re

import pytest

from tests.architecture.source import listing
from tests.docs import page

LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
PLACES = ("adapters/", "config/", "mappings/", "syncer/", "tests/", ".ci/")
ADAPTERS = sorted(file.parent.name for file in page.ROOT.glob("adapters/*/__init__.py"))


def test_every_link_to_a_file_leads_there() -> None:
    """No link is broken."""
    links = [link for link in LINK.findall(page.prose()) if not link.startswith(("#", "https://"))]
    lost = [link for link in links if not (page.ROOT / link.partition("#")[0]).exists()]

    assert links
    assert not lost, listing(lost)


def test_every_link_within_the_page_leads_there() -> None:
    """Each anchor is a heading."""
    lost = [link for link in LINK.findall(page.prose()) if link[0] == "#"]
    lost = [link for link in lost if link[1:] not in page.anchors()]

    assert not lost, listing(lost)


def test_every_place_that_is_named_is_there() -> None:
    """A path in the prose is a path of this repository; `*` and NAME stand for any."""
    named = [s for s in page.spans() if s.startswith(PLACES) and " " not in s]
    lost = [s for s in named if not list(page.ROOT.glob(s.rstrip("/").replace("NAME", "*")))]

    assert named
    assert not lost, listing(lost)


@pytest.mark.parametrize("name", ADAPTERS)
def test_every_adapter_is_mentioned(name: str) -> None:
    """Its README is one step away."""
    assert f"](adapters/{name}/README.md)" in page.prose()


def test_every_section_is_in_the_contents() -> None:
    """Whoever looks for something finds it at the top."""
    contents = page.prose().partition("Contents: ")[2].partition("\n## ")[0]
    sections = [match[2] for match in page.headings() if match[1] == "##"]
    lost = [s for s in sections if f"[{s}](" not in contents]

    assert ["Start", "Develop", "Licence"] == lost
