"""Nouns that the collector of rings leaves out can be in no ring."""

import dataclasses
import typing
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from syncer.model import decisions, records, remote, shown
from syncer.reconcile import needs


def parts(hint: Any) -> Iterator[type]:
    """The nouns that a type names, however deep in it."""
    if isinstance(hint, type) and (issubclass(hint, Struct) or dataclasses.is_dataclass(hint)):
        yield hint
    for each in typing.get_args(hint):
        yield from parts(each)


def held(noun: type) -> set[type]:
    """Every noun that one may lead to."""
    found: set[type] = set()
    waiting = [noun]
    while waiting:
        for hint in typing.get_type_hints(waiting.pop()).values():
            new = set(parts(hint)) - found
            found |= new
            waiting += new
    return found


def test_no_noun_that_is_left_out_leads_to_itself() -> None:
    """What would hold itself in a ring would never be given back."""
    modules = (decisions, records, remote, shown, needs)
    kinds = [n for module in modules for n in vars(module).values() if isinstance(n, type)]
    nouns = {kind for kind in kinds if issubclass(kind, Struct) and kind is not Struct}
    left_out = {noun for noun in nouns if not noun.__struct_config__.gc}

    assert {records.Link, records.LinkField, decisions.View, decisions.Action} <= left_out
    assert [noun.__name__ for noun in left_out if noun in held(noun)] == []
    assert shown.FieldView in held(shown.FieldView)  # by what its field keeps: it is looked at
    assert shown.FieldView not in left_out
