"""What was measured as rows: each figure with plain columns, for a spreadsheet or a program."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

if TYPE_CHECKING:
    from syncer.cli.rows import Row
    from syncer.model.measures import Figure
    from syncer.state import Store

COLUMNS: Final = (
    *("client", "connection", "property", "project", "report", "grain", "day"),
    *("dimensions", "metric", "value", "currency", "flags", "read_at"),
)


class Span(Struct, frozen=True):
    """Which figures are meant; None is any. Both ends count."""

    client: str | None = None
    since: date | None = None
    until: date | None = None


def figure_rows(store: "Store", span: Span, *, plain: bool) -> "Iterator[Row]":
    """A row for each figure, client by client, in the order in which the state tells them.

    ``plain``: every cell is a text, as in a spreadsheet; else dimensions and flags stay what
    they are, and the value is a number.
    """
    clients = [span.client] if span.client is not None else store.measured_clients()
    for client in clients:
        for figure in store.figures(client, since=span.since, until=span.until):
            yield {"client": client, **(_plain(figure) if plain else _whole(figure))}


def _both(figure: "Figure") -> dict[str, Any]:
    from syncer.report.jsonable import moment_json

    names = ("connection", "property", "project", "report", "metric", "currency")
    told = {name: getattr(figure, name) for name in names}
    days = {"grain": str(figure.grain), "day": figure.day.isoformat()}
    return told | days | {"read_at": moment_json(figure.read_at)}


def _plain(figure: "Figure") -> dict[str, Any]:
    from syncer.model.values import plain

    return _both(figure) | {
        "dimensions": "; ".join(
            f"{name}={text}" for name, text in sorted(figure.dimensions.items())
        ),
        "value": "" if figure.value is None else plain(figure.value),
        "flags": " ".join(_flags(figure.flags)),
    }


def _whole(figure: "Figure") -> dict[str, Any]:
    told = _both(figure)
    told |= {"dimensions": dict(figure.dimensions), "flags": _flags(figure.flags)}
    told["value"] = None if figure.value is None else _number(figure.value)
    return {name: told[name] for name in COLUMNS if name in told}


def _number(value: Decimal) -> int | float | str:
    """A number of JSON; one that most readers would round is a text."""
    from syncer.model.values import plain

    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else plain(value)


def _flags(flags: "Iterable[str]") -> list[str]:
    return sorted(str(flag) for flag in flags)
