"""An unknown key is reported with its exact line and column, wherever it stands."""

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from syncer.settings import ConfigurationError
from syncer.settings.places import Document
from syncer.settings.problems import Path as Keys
from syncer.settings.yaml import read
from tests.settings.agency import ROOT, Agency, copied

OPEN = frozenset(
    {
        *("roles", "connections", "values", "entities", "automations", "archive"),
        *("measures", "reports", "projects"),
    }
)
"""Mappings under these keys hold names of people's own choice, or the tool's."""

FILES = (
    *("config/sync.yaml", "config/ownership.yaml", "config/people.yaml"),
    *("mappings/trello.yaml", "mappings/asana.yaml", "mappings/hubspot.yaml"),
    "mappings/google_analytics.yaml",
)


@cache
def document(file: str) -> Document:
    """A shipped file with its places."""
    found, problems = read(ROOT / file, file)
    assert found is not None
    assert not problems
    return found


def chosen(file: str, path: Keys) -> bool:
    """Whether people choose the keys of this mapping themselves."""
    if path == ():
        return file.endswith("people.yaml")
    own = {"config/sync.yaml": "clients", "mappings": "variants"}
    return path[-1] in OPEN or path == (own.get(file, own.get(file.split("/", 1)[0])),)


def closed(file: str) -> Iterator[Keys]:
    """Every mapping of a shipped file that has only certain keys."""

    def walk(data: object, path: Keys) -> Iterator[Keys]:
        if isinstance(data, dict):
            if data and not chosen(file, path):
                yield path
            for key, value in data.items():
                yield from walk(value, (*path, key))

    return walk(document(file).data, ())


PLACES = sorted((file, path) for file in FILES for path in closed(file))


def spoiled(agency: Agency, file: str, path: Keys, key: str, value: str) -> tuple[int, int]:
    """Put a key first into a mapping; where it stands then (line and column)."""
    line, column = document(file).values[path]
    lines = (ROOT / file).read_text("utf-8").splitlines()
    text = lines[line - 1]
    if text[column - 1] == "{":
        lines[line - 1] = f"{text[:column]}{key}: {value}, {text[column:]}"
        column += 1
    else:
        lines.insert(line - 1, f"{' ' * (column - 1)}{key}: {value}")
    agency.write(file, "\n".join(lines) + "\n")
    return line, column


@settings(max_examples=settings().max_examples // 3)  # each reads six files
@given(
    st.sampled_from(PLACES),
    st.from_regex(r"zz[a-z_]{0,12}", fullmatch=True),
    st.sampled_from(["1", "text", "~", "true", "[a]", "{a: b}"]),
)
def test_an_unknown_key_anywhere_is_reported_where_it_stands(
    place: tuple[str, Keys], key: str, value: str
) -> None:
    """Whatever its name, its value and its depth: exactly its line and column, with its name."""
    file, path = place
    with tempfile.TemporaryDirectory() as folder:
        agency = copied(Path(folder))
        line, column = spoiled(agency, file, path, key, value)
        try:
            found = [text for texts in agency.load().broken.values() for text in texts]
        except ConfigurationError as error:
            found = [str(problem) for problem in error.problems]

    here = [text for text in found if text.startswith(f"{file}:{line}:{column}: ")]
    assert any(f'"{key}"' in text for text in here), found


def test_the_places_are_many() -> None:
    """The property is asked about every kind of mapping, at every depth and in every file."""
    assert {file for file, _ in PLACES} == set(FILES)
    assert {0, 1, 2, 3, 4, 5} <= {len(path) for _, path in PLACES}
    assert len(PLACES) > 80
