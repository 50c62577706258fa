"""Examples of the rules, and what really happened, as people and programs read it."""

from collections.abc import Iterator, Sequence
from typing import Any

from syncer.model.examples import Example, Tried
from syncer.model.rules import ANYONE, Rule
from syncer.model.values import MISSING, joined, readable
from syncer.report.document import Block, Cell, Line, Style, counted, line
from syncer.report.jsonable import value_json


def examples_document(tried: Sequence[Tried]) -> list[Block]:
    """The failing ones in full, then how many there are."""
    failing = [one for one in tried if not one.good]
    blocks: list[Block] = [each for one in failing for each in _failed(one)]
    told = counted(len(tried), "example")
    if failing:
        return [*blocks, line(f"{len(failing)} of {told} failed", Style.BAD)]
    return [*blocks, line(f"{told}, all as expected", Style.GOOD)]


def _failed(one: Tried) -> Iterator[Block]:
    example = one.example
    yield Line((Cell(example.name, Style.BAD), Cell(f"  {example.source}", Style.DIM)))
    for doing in example.doings:
        yield line(f"{doing.text}{', after a run' if doing.after_run else ''}", indent=1)
    expected, found = _expected(example), _found(one)
    for name in one.amiss:
        text = f"{name}: expected {expected[name]}, but it is {found[name]}"
        yield line(text, Style.WARN, indent=1)
    for index, why in sorted(one.why.items()):
        yield line(f"{example.doings[index].text}: {why}", indent=1)
    rule = f"{one.rule.entity}.{one.rule.field}: {_rule(one.rule)}"
    yield Line((Cell("decided by "), Cell(str(one.rule.source), Style.TITLE), Cell(f"  {rule}")), 1)


def _rule(rule: Rule) -> str:
    """A rule in a few words."""
    if rule.shared is not None:
        return " ".join([f"shared: {rule.shared}", *rule.prefer])
    named = {("others" if who == ANYONE else who): policy for who, policy in rule.others.items()}
    others = [f"{who}: {policy}" for who, policy in sorted(named.items())]
    return "; ".join([f"owner: {joined(rule.owners)}", *others])


def _expected(example: Example) -> dict[str, str]:
    return {
        "then": ", ".join(example.then),
        "tells": joined(example.tells or ()) or "nobody",
        "agreed": readable(example.agreed),
    }


def _found(one: Tried) -> dict[str, str]:
    return {
        "then": ", ".join(one.fates[-len(one.example.then) :]),
        "tells": joined(one.told) or "nobody",
        "agreed": readable(one.agreed),
    }


def tried_json(one: Tried) -> dict[str, Any]:
    """All of it."""
    example = one.example
    return {
        "example": example.name,
        "source": str(example.source),
        "client": example.client,
        "entity": example.entity,
        "good": one.good,
        "amiss": list(one.amiss),
        "expected": {
            "then": [str(fate) for fate in example.then],
            "tells": None if example.tells is None else sorted(example.tells),
            "agreed": value_json(example.agreed),
            "agreed_asked": example.agreed is not MISSING,
        },
        "found": {
            "then": [str(fate) for fate in one.fates],
            "tells": sorted(one.told),
            "agreed": value_json(one.agreed),
        },
        "doings": [doing.text for doing in example.doings],
        "why": {str(index): text for index, text in sorted(one.why.items())},
        "rule": str(one.rule.source),
    }
