"""``syncer export metrics`` over a state with real figures."""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from syncer.model.measures import Figure, Flag, Grain
from syncer.state import Store
from tests.cli.hamlet import Hamlet

FIRST = date(2026, 3, 30)
READ = datetime(2026, 4, 6, 5, 30, tzinfo=UTC)


def figure(value: str | None, day: int = 0, **told: Any) -> Figure:
    """Sessions of a site, so many days after the first."""
    given: dict[str, Any] = {"metric": "sessions", "project": "", "report": "goals"}
    return Figure(
        connection="analytics",
        property="412345678",
        grain=Grain.DAY,
        day=FIRST + timedelta(days=day),
        value=None if value is None else Decimal(value),
        read_at=READ,
        **(given | told),
    )


def keep(hamlet: Hamlet, client: str, *figures: Figure) -> None:
    """Put figures of one report into the state, as a cycle would."""
    (hamlet.root / "data").mkdir(exist_ok=True)
    with Store.open(hamlet.root / "data" / "syncer.db") as store, store.transaction() as tx:
        one = figures[0]
        place = (client, one.connection, one.property, one.project, one.report, one.grain)
        tx.replace_figures(*place, FIRST, FIRST + timedelta(days=400), figures)


@pytest.fixture
def measured(hamlet: Hamlet) -> Hamlet:
    """Two clients with figures, one of them configured no more."""
    flags = frozenset({Flag.SAMPLED, Flag.OTHER})
    pages = {"landingPage": "=HYPERLINK(1)", "country": "Åland"}
    keep(hamlet, "acme", figure("1500"), figure("0.25", 1, metric="rate", flags=flags),
         figure("12.50", 2, metric="revenue", currency="EUR"), figure(None, 3))  # fmt: skip
    keep(hamlet, "acme", figure("7", dimensions=pages, report="pages", project="@Relaunch"))
    keep(hamlet, "gone", figure("-3"))
    return hamlet


def rows(text: str) -> list[dict[str, str]]:
    """What a spreadsheet reads."""
    return list(csv.DictReader(io.StringIO(text)))


def days(found: Sequence[dict[str, Any]]) -> list[str]:
    """The day of each row."""
    return [row["day"] for row in found]


def test_a_row_for_each_figure(measured: Hamlet) -> None:
    """Plain columns: ISO dates, flags side by side, plain numbers; what may not be seen is empty."""
    said = measured("export", "metrics", "--csv")
    first, rate, revenue, hidden, page, gone = rows(said.out)

    assert (0, "") == (said.code, said.err)
    assert {
        "client": "acme",
        "connection": "analytics",
        "property": "412345678",
        "project": "",
        "report": "goals",
        "grain": "day",
        "day": "2026-03-30",
        "dimensions": "",
        "metric": "sessions",
        "value": "1500",
        "currency": "",
        "flags": "",
        "read_at": "2026-04-06T05:30:00Z",
    } == first
    assert ("0.25", "other sampled") == (rate["value"], rate["flags"])
    assert ("12.5", "EUR") == (revenue["value"], revenue["currency"])
    assert ("", "2026-04-02") == (hidden["value"], hidden["day"])
    assert "country=Åland; landingPage==HYPERLINK(1)" == page["dimensions"]
    assert ("gone", "-3") == (gone["client"], gone["value"])


def test_a_spreadsheet_finds_no_formula(measured: Hamlet) -> None:
    """A name that begins as a formula does is text; a negative number stays one."""
    text = measured("export", "metrics").out

    assert "'@Relaunch" == rows(text)[4]["project"]
    assert not re.findall(r'(?:^|,)"?[=+@\t]', text, re.MULTILINE)


def test_some_figures_only(measured: Hamlet) -> None:
    """By client and by day, both ends included."""
    of_acme = rows(measured("export", "metrics", "--client", "acme").out)
    span = ("--since", "2026-03-31", "--until", "2026-04-01")

    assert {"acme"} == {row["client"] for row in of_acme}
    assert 5 == len(of_acme)
    assert ["2026-03-31", "2026-04-01"] == days(rows(measured("export", "metrics", *span).out))
    assert [] == rows(measured("export", "metrics", "--since", "2027-01-01").out)


def test_programs_get_numbers(measured: Hamlet) -> None:
    """JSON has the same rows, letter for letter, with what is more than text."""
    listed = json.loads(measured("export", "metrics", "--json").out)
    lines = measured("export", "metrics", "--format", "jsonl").out.splitlines()

    assert listed == [json.loads(line) for line in lines]
    assert listed == json.loads(measured("--json", "export", "metrics").out)
    assert [1500, 0.25, 12.5, None, 7, -3] == [row["value"] for row in listed]
    assert ["other", "sampled"] == listed[1]["flags"]
    assert {"country": "Åland", "landingPage": "=HYPERLINK(1)"} == listed[4]["dimensions"]
    assert "@Relaunch" == listed[4]["project"]
    assert [] == json.loads(measured("export", "metrics", "--json", "--client", "zoe").out)


def test_a_number_that_no_double_holds_stays_whole(hamlet: Hamlet) -> None:
    """Sums of money are not rounded on the way, in neither form."""
    whole = "123456789012345678.91"
    keep(hamlet, "acme", figure(whole))

    assert whole == rows(hamlet("export", "metrics").out)[0]["value"]
    assert whole == json.loads(hamlet("export", "metrics", "--json").out)[0]["value"]


def test_a_file_is_written(measured: Hamlet, tmp_path: Path) -> None:
    """The same bytes as on standard output; a place that cannot be written is said."""
    file = tmp_path / "figures.csv"
    said = measured("export", "metrics", "--out", str(file))

    assert (0, "") == (said.code, said.out)
    assert measured("export", "metrics").out.encode() == file.read_bytes()

    said = measured("export", "metrics", "--out", str(tmp_path / "none" / "figures.csv"))

    place = tmp_path / "none" / "figures.csv"
    assert (1, f"syncer: {place} cannot be written: No such file or directory\n") == (
        said.code,
        said.err,
    )


def test_other_tables_may_go_to_a_file(measured: Hamlet, tmp_path: Path) -> None:
    """The journal, and the backup of the whole with all figures in it."""
    measured("export", "links", "--json", "--out", str(tmp_path / "links.json"))
    measured("export", "--format", "sqlite", "--out", str(tmp_path / "backup.db"))

    assert "[]\n" == (tmp_path / "links.json").read_text("utf-8")
    with Store.open(tmp_path / "backup.db") as store:
        assert ["acme", "gone"] == store.measured_clients()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("metrics", "--since", "soon"), "'soon' does not match the format"),
        (("metrics", "--since", "2026-02-02", "--until", "2026-02-01"), "it is after --until"),
        (("links", "--since", "2026-02-02"), "of metrics only"),
        (("metrics", "--csv", "--json"), "name one form only"),
        (("metrics", "--format", "sqlite"), "sqlite is the whole state"),
    ],
)
def test_what_makes_no_sense_is_refused(
    hamlet: Hamlet, args: tuple[str, ...], message: str
) -> None:
    """Before anything is opened, with the option that is wrong."""
    said = hamlet("export", *args)

    assert 2 == said.code
    assert message in " ".join(said.err.replace("│", " ").split())
    assert not (hamlet.root / "data").exists()


def test_agreements_are_a_table_too(hamlet: Hamlet) -> None:
    """How a deadline moved can be taken along."""
    hamlet("run")
    found = rows(hamlet("export", "agreements").out)

    assert 3 == len([row for row in found if row["field"] == "deadline"])
    assert {'"2026-12-01"', '"2026-11-30"'} == {row["value"] for row in found}


@pytest.mark.parametrize("table", ["notices", "postings", "posting_proposals", "rooms"])
def test_what_people_were_told_is_a_table_too(hamlet: Hamlet, table: str) -> None:
    """Also before anybody was told anything, and of one client."""
    said = hamlet("export", table, "--client", "acme")

    assert 0 == said.code
    assert "client" in said.out.splitlines()[0].split(",")
