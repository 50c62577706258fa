"""Whatever stands in a file, the answer is a configuration or a list of problems."""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from syncer.settings.problems import Path as Keys
from tests.settings.agency import copied
from tests.settings.test_unknown_keys import FILES, document

SAID = re.compile(r"(config|mappings)/[a-z_.]+:\d+:\d+: .+|mappings:1:1: .+")
WORDS = ["owner", "shared", "asana", "trello", "maya", "task.title", "always", "*", "", "env:X"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
PLACES = sorted(((file, path) for file in FILES for path in document(file).values), key=str)


def replaced(data: Any, path: Keys, value: Any) -> Any:
    """The data with another value at a path."""
    if not path:
        return value
    if isinstance(data, list):
        return [replaced(v, path[1:], value) if i == path[0] else v for i, v in enumerate(data)]
    return {k: replaced(v, path[1:], value) if k == path[0] else v for k, v in data.items()}


@settings(max_examples=settings().max_examples // 3)  # each reads six files
@given(st.sampled_from(PLACES), ANYTHING)
def test_anything_anywhere_is_answered_in_words(place: tuple[str, Keys], value: Any) -> None:
    """No value at any place makes the reading fail in another way than with its problems."""
    file, path = place
    with tempfile.TemporaryDirectory() as folder:
        agency = copied(Path(folder))
        text = json.dumps(replaced(document(file).data, path, value))
        agency.write(file, text)
        found = agency.problems()

    assert [] == [line for line in found if not SAID.fullmatch(line)]


@settings(max_examples=settings().max_examples // 3)  # each reads six files
@given(st.sampled_from(FILES), st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_bytes_are_answered_in_words(file: str, content: bytes) -> None:
    """Nor does any file of bytes."""
    with tempfile.TemporaryDirectory() as folder:
        agency = copied(Path(folder)).write(file, content)
        found = agency.problems()

    assert [] == [line for line in found if not SAID.fullmatch(line)]
