"""Who judges the service knows nothing of how it decides."""

from functools import cache

import pytest

from tests.architecture.source import Module, imports, inside, listing, modules

JUDGES = ("judge", "scene", "steady", "spoken", "told", "heeded", "rooms", "setting")
"""The files of tests/laws that say what must hold."""

JUDGED = ("syncer.engine", "syncer.reconcile")


@cache
def house() -> dict[str, Module]:
    """Every module of ours, by its name."""
    return {module.name: module for module in modules("syncer", "adapters", "tests")}


def reached(start: str) -> dict[str, str]:
    """Every module that an import of this one runs, with the module that imports it."""
    known, found, waiting = house(), {start: ""}, [start]
    while waiting:
        name = waiting.pop()
        for _, target in imports(known[name]):
            parts = target.split(".")
            for end in range(1, len(parts) + 1):
                each = ".".join(parts[:end])
                if each in known and each not in found:
                    found[each] = name
                    waiting.append(each)
    return found


@pytest.mark.parametrize("judge", JUDGES)
def test_a_judge_imports_nothing_that_decides(judge: str) -> None:
    """The laws are judged by what can be seen from outside, not by the code under judgement."""
    found = reached(f"tests.laws.{judge}")
    strays = [
        f"{name}, by {by}" for name, by in found.items() for one in JUDGED if inside(name, one)
    ]

    assert not strays, listing(strays)


def test_an_import_is_followed_to_its_end() -> None:
    """The machine drives the service, so that it reaches what the judges must not."""
    found = reached("tests.laws.machine")

    assert "syncer.reconcile.ownership" in found
