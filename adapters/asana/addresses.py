"""What an address of app.asana.com shows, in the form of today and in that of before 2025."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from adapters.asana.shapes import PROJECT, TASK
from syncer.adapterkit.addresses import Address, Spot

_NAMED: Final = {"task": TASK, "item": TASK, "project": PROJECT}
"""What the id after a word of the new form is of; an inbox calls tasks items."""

_LISTS: Final = ("inbox", "search", "home", "portfolio", "goal", "reporting")
"""Places of the old form whose own id is of neither a project nor a task."""


def shown(address: Address) -> Sequence[Spot]:
    """The task, where there is one, else the project.

    New: ``/1/WORKSPACE/project/ID/task/ID/comment/ID``. Old: ``/0/PROJECT/TASK/f``, with 0 for no
    project; ``/0/PROJECT/list``; ``/0/inbox/USER/TASK/STORY`` and ``/0/search/ID/TASK``.
    """
    if address.host != "app.asana.com" or len(address.parts) < 2:
        return ()
    form, rest = address.parts[0], address.parts[1:]
    found = _new(rest) if form == "1" else _old(rest) if form == "0" else []
    tasks = [spot for spot in found if spot.object == TASK]
    return tasks[:1] or found[:1]


def _new(rest: Sequence[str]) -> list[Spot]:
    named = ((word, id) for word, id in pairwise(rest) if word in _NAMED)
    return [Spot(_NAMED[word], id) for word, id in named if id.isdigit()]


def _old(rest: Sequence[str]) -> list[Spot]:
    numbers = [part for part in rest if part.isdigit()]
    if rest[0] in _LISTS:
        return [Spot(TASK, id) for id in numbers[1:2]]
    found = [Spot(TASK, id) for id in numbers[1:2]]
    return found + [Spot(PROJECT, id) for id in numbers[:1] if id != "0"]
