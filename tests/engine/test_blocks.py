"""Things that are matched block by block come to the same as all of them together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.engine import blocks
from syncer.engine.blocks import Blocks, Marks
from syncer.engine.spool import Spool
from syncer.model.decisions import View
from syncer.model.values import Kind
from syncer.reconcile.match import Said, match
from tests.reconcile.made import bound, mapping_of, view_of

TITLE, PROJECT = bound(Kind.TEXT, name="title"), bound(Kind.REFERENCE, name="project")
MAPPING = mapping_of(TITLE, PROJECT, match=("title", "project"))
NAMES = (
    "Logo",
    "logo ",
    "Landing page",
    "Landing pages",
    "Film 1",
    "Film 2",
    "film 1",
    "x\ud800",
    "",
)

Told = tuple[str, str | None, str | None, Marks]
"""System, title and project of a thing, and its marks: it takes no part; it is not matched."""

THINGS = st.lists(
    st.tuples(
        st.sampled_from(("one", "two", "three")),
        st.sampled_from((*NAMES, None)),
        st.sampled_from(("p1", "p2", None)),
        st.tuples(*[st.sampled_from((False, False, False, True))] * 2),
    ),
    max_size=14,
)


def _view(at: int, told: Told) -> View:
    name, title, project, _ = told
    fields = {"title": view_of(TITLE, title), "project": view_of(PROJECT, project)}
    place = (name, "task", f"{name}{at:02}")
    return View(*place, MAPPING, fields, "present", f"board {at}", f"https://{at}")


@contextmanager
def _together(size: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "TOGETHER", size)
        yield


def _parts(folder: Path, told: list[Told], size: int) -> list[list[tuple[View, Marks]]]:
    waiting = Blocks("title", lambda: Spool(folder))
    for at, one in enumerate(told):
        waiting.add(_view(at, one), one[-1])
    with _together(size):
        return list(waiting.parts(together=False))


def _outcome(parts: list[list[tuple[View, Marks]]]) -> tuple[list[object], ...]:
    """Groups, doubts and what is left, of all parts."""
    groups: list[object] = []
    doubts: list[object] = []
    left: list[object] = []
    for part in parts:
        out, alone = (frozenset(v.key for v, marks in part if marks[at]) for at in range(2))
        found = match([view for view, _ in part], [], Said(out=out, alone=alone - out))
        groups += [[view.key for view in group.views] for group in found.groups]
        doubts += [(d.view.key, d.other, d.score, d.reason) for d in found.doubts]
        left += [view.key for view in found.left]
    return sorted(groups, key=repr), sorted(doubts, key=repr), sorted(left, key=repr)


@given(THINGS, st.integers(1, 5))
def test_what_is_one_does_not_depend_on_blocks(told: list[Told], size: int) -> None:
    """However few things are held together, the same are one, in doubt and left."""
    whole = [[(_view(at, one), one[-1]) for at, one in enumerate(told)]]
    with TemporaryDirectory() as folder:
        parts = _parts(Path(folder), told, size)

    assert sum(map(len, parts)) == len(told)
    assert _outcome(parts) == _outcome(whole)


def test_a_thing_comes_back_as_it_is_matched(tmp_path: Path) -> None:
    """It is where it was and called as it was, with its marks, also where no bytes can be made."""
    told: list[Told] = [("one", title, "p1", (True, False)) for title in ("Logo", "x\ud800")]
    found = {view.key: (view, marks) for part in _parts(tmp_path, told, 1) for view, marks in part}

    for at, one in enumerate(told):
        before = _view(at, one)
        view, marks = found[before.key]
        assert (view.container, view.url, marks) == (before.container, before.url, (True, False))
        for name, shown in before.fields.items():
            assert view.fields[name].reading.value == shown.reading.value


def test_no_more_is_held_than_a_part_and_a_block(tmp_path: Path) -> None:
    """Parts end where a block does, as soon as enough is together."""
    told: list[Told] = [("one", f"Film {at}", "p1", (False, False)) for at in range(20)]

    parts = _parts(tmp_path, told, 3)

    assert [len(part) for part in parts] == [3] * 6 + [2]


def test_what_is_held_is_one_part() -> None:
    """Where little was told it is matched at once, as it was shown."""
    waiting = Blocks("title", None)
    assert not waiting
    for at, one in enumerate([("one", "Logo", "p1", ()), ("two", "Film", "p2", ())]):
        waiting.add(_view(at, one), ())

    [part] = waiting.parts(together=False)

    assert waiting
    assert [view.remote_id for view, _ in part] == ["one00", "two01"]
