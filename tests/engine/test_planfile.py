"""The file of a saved plan: what is read is what was written, and nothing else is read at all."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.engine.planfile import PlanFileError, identity, read_plan, write_plan
from syncer.model.saved import SavedClient, SavedItem, SavedPlan
from syncer.state import Store

TEXTS = st.text(max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
ITEMS = st.builds(
    SavedItem, TEXTS, st.lists(TEXTS, max_size=4).map(tuple), TEXTS, TEXTS, TEXTS,
    st.dictionaries(TEXTS, VALUES, max_size=4),
)  # fmt: skip
CLIENTS = st.builds(
    SavedClient, TEXTS, TEXTS, TEXTS, st.booleans(), st.lists(TEXTS, max_size=2).map(tuple),
    st.lists(ITEMS, max_size=4).map(tuple),
)  # fmt: skip
PLANS = st.builds(SavedPlan, TEXTS, TEXTS, TEXTS, st.lists(CLIENTS, max_size=3).map(tuple))

SMALL = SavedPlan("s", "now", "0.1.0", (SavedClient("acme", "c_1", "f"),))


@given(PLANS)
def test_what_is_read_is_what_was_written(plan: SavedPlan) -> None:
    """Any plan, whatever stands in it, comes back the same."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "plan.json"
        write_plan(file, plan)
        assert plan == read_plan(file)


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    """The mode is 0600, also over a plan that others could read, and nothing is left beside it."""
    file = tmp_path / "plan.json"
    write_plan(file, SMALL)
    file.chmod(0o644)

    write_plan(file, SMALL)

    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    assert ["plan.json"] == os.listdir(tmp_path)


def test_nothing_else_is_written_over(tmp_path: Path) -> None:
    """A slip of the finger does not cost a file of the configuration."""
    file = tmp_path / "sync.yaml"
    file.write_text("state: here\n")

    with pytest.raises(PlanFileError, match=r"sync\.yaml: this is there, and it is no saved plan"):
        write_plan(file, SMALL)

    assert "state: here\n" == file.read_text()


def _changed(told: dict[str, Any]) -> None:
    told["clients"][0]["client"] = "bakery"


def _older(told: dict[str, Any]) -> None:
    told["syncer_plan"] = 0


def _without(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda told: told.pop(key)  # type: ignore[no-any-return]


SPOILT: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "edited by hand": (_changed, "it was changed or damaged since it was saved"),
    "of another form": (_older, "it was saved in form 0, and this version reads form 1"),
    "no plan at all": (_without("syncer_plan"), "this is no saved plan"),
    "without its digest": (_without("digest"), "it was changed or damaged"),
    "without its clients": (_without("clients"), "it was changed or damaged"),
}


@pytest.mark.parametrize(("spoil", "words"), SPOILT.values(), ids=SPOILT)
def test_what_is_not_as_it_was_saved_is_not_read(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], words: str
) -> None:
    """The file is named, and what to do."""
    file = tmp_path / "plan.json"
    write_plan(file, SMALL)
    told = json.loads(file.read_text())
    spoil(told)
    file.write_text(json.dumps(told))

    with pytest.raises(PlanFileError) as error:
        read_plan(file)

    assert words in str(error.value)
    assert str(file) in str(error.value)


ROUGH = {
    "empty": b"",
    "a list": b"[1, 2]",
    "no text": b"\xff\xfe\x00\x01",
    "a page": b"<html></html>",
    "half of it": b'{"syncer_plan": 1, "clients": [{"cl',
    "very deep": b"[" * 100_000,
    "a number": b"1e999",
}


@pytest.mark.parametrize("content", ROUGH.values(), ids=ROUGH)
def test_any_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever somebody names by mistake."""
    file = tmp_path / "plan.json"
    file.write_bytes(content)

    with pytest.raises(PlanFileError, match="this is no saved plan"):
        read_plan(file)


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    """The system's own reason is told."""
    for file in (tmp_path / "none.json", tmp_path):
        with pytest.raises(PlanFileError, match=r"no such file|is a directory"):
            read_plan(file)
    with pytest.raises(PlanFileError):
        write_plan(tmp_path / "none" / "plan.json", SMALL)


def test_a_state_keeps_its_identity_and_no_other_has_it(tmp_path: Path) -> None:
    """However often it is opened."""
    names = []
    for file in ("one.db", "one.db", "two.db"):
        with Store.open(tmp_path / file) as store:
            names.append(identity(store))

    assert names[0] == names[1] != names[2]
