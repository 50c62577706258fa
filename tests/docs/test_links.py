"""What the pages point at is there, and what a newcomer must find is pointed at."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import listing
from tests.docs import page

LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
PLACES = ("adapters/", "config/", "docs/", "mappings/", "syncer/", "tests/", ".ci/")
ADAPTERS = sorted(file.parent.name for file in page.ROOT.glob("adapters/*/__init__.py"))
NAMES = [each.name for each in page.PAGES]


def links(each: page.Page) -> list[tuple[Path, str]]:
    """Where a page's links lead: a file, which may be the page itself, and a heading in it."""
    found = [link for link in LINK.findall(each.prose) if not link.startswith("https://")]
    parts = [link.partition("#") for link in found]
    return [
        ((each.file.parent / path).resolve() if path else each.file, anchor)
        for path, _, anchor in parts
    ]


def name(file: Path) -> str:
    """A file by its path from the root."""
    return file.relative_to(page.ROOT).as_posix()


@pytest.mark.parametrize("page_name", NAMES)
def test_every_link_leads_there(page_name: str) -> None:
    """The file is there, and a heading that is named is one of its headings."""
    found = links(page.Page(page_name))
    lost = [f for f, anchor in found if not f.exists()]
    lost += [f for f, anchor in found if anchor and anchor not in page.Page(name(f)).anchors]

    assert not lost, listing(lost)


def test_every_place_that_is_named_is_there() -> None:
    """A path in the prose is a path of this repository; `*` and NAME stand for any."""
    named = [s for s in page.spans() if s.startswith(PLACES) and " " not in s]
    lost = [s for s in named if not list(page.ROOT.glob(s.rstrip("/").replace("NAME", "*")))]

    assert named
    assert not lost, listing(lost)


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_adapter_is_mentioned(adapter: str) -> None:
    """Its README is one step away."""
    assert f"](../adapters/{adapter}/README.md)" in page.PRODUCTION.prose


def test_every_section_is_in_the_contents() -> None:
    """Whoever looks for something in the README finds it at the top."""
    contents = page.README.prose.partition("Contents: ")[2].partition("\n## ")[0]
    sections = [match[2] for match in page.README.headings if match[1] == "##"]
    lost = [s for s in sections if f"[{s}](" not in contents]

    assert not lost, listing(lost)


def test_every_page_is_one_step_from_the_readme() -> None:
    """Each page of docs/ is linked from the top."""
    lost = (
        {each.file for each in page.PAGES}
        - {page.README.file}
        - {file for file, _ in links(page.README)}
    )

    assert not lost, listing(lost)


def test_what_the_readme_links_to_is_in_the_source_distribution() -> None:
    """The README is the package's long description too: its files come along with the source."""
    settings = tomllib.loads((page.ROOT / "pyproject.toml").read_text("utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    always = ["/README.md", "/LICENSE"]  # the builder adds what the metadata names
    patterns = [f"{p}/**/*" if (page.ROOT / p[1:]).is_dir() else p for p in [*included, *always]]
    files = {file for p in patterns for file in page.ROOT.glob(p[1:])}
    lost = [name(file) for each in page.PAGES for file, _ in links(each) if file not in files]

    assert not lost, listing(lost)


def test_the_readme_is_short_enough_to_be_read() -> None:
    """It is the way in; what is looked up stands in docs/."""
    assert len(page.README.text.splitlines()) <= 450
