"""Figures in Prometheus' text format: what they say, and that a strict reader takes them."""

import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syncer.adapterkit.usage import Usage
from syncer.engine.totals import added
from syncer.report.metrics import Family, exposition, figures
from syncer.report.status import Standing
from syncer.state import Store
from tests.cli.hamlet import Hamlet

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(
    rf"({NAME})(?:\{{((?:{LABEL})(?:,{LABEL})*)\}})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
)
PAIR = re.compile(r'(\w+)="((?:[^"\\\n]|\\["\\n])*)"')
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(text: str) -> Samples:
    """What the text says, by name and labels.

    Raises ``AssertionError`` for whatever the format's description does not allow: samples away
    from their HELP and TYPE, one of them twice, names, labels or numbers of another form.
    """
    assert text.endswith("\n")
    found: Samples = {}
    family, seen = "", set[str]()
    for kind, line in zip(kinds(text), text.splitlines(), strict=True):
        if kind == "HELP":
            family = line.split(" ")[2]
            assert family not in seen
            assert len(line.split(" ", 3)) == 4
            seen.add(family)
        elif kind == "TYPE":
            assert re.fullmatch(rf"# TYPE {family} (counter|gauge)", line)
            assert family.endswith("_total") == line.endswith(" counter")
        else:
            match = SAMPLE.fullmatch(line)
            assert match, line
            assert match[1] == family
            labels = frozenset((k, unescaped(v)) for k, v in PAIR.findall(match[2] or ""))
            assert len(labels) == len(PAIR.findall(match[2] or ""))
            assert (family, labels) not in found
            found[family, labels] = float(match[3])
    return found


def kinds(text: str) -> Iterator[str]:
    """HELP, then TYPE, then samples of one figure."""
    before = "sample"
    for line in text.splitlines():
        kind = line.split(" ")[1] if line.startswith("# ") else "sample"
        assert (before, kind) in {
            ("sample", "HELP"),
            ("HELP", "TYPE"),
            ("TYPE", "sample"),
            ("TYPE", "HELP"),
            ("sample", "sample"),
        }
        before = kind
        yield kind


def unescaped(text: str) -> str:
    """The inverse of how labels are written."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


def value(samples: Samples, name: str, **labels: str) -> float:
    """One sample."""
    return samples[f"syncer_{name}", frozenset(labels.items())]


def test_a_run_writes_what_it_did(hamlet: Hamlet) -> None:
    """Cycles, writes, links, what waits and since when; the file is whole and can be read."""
    file = hamlet.root / "syncer.prom"
    assert 0 == hamlet("run", "--metrics", str(file)).code
    first = read(file.read_text())
    hamlet.edit("two", "Build", "anna", due="2026-12-24")
    hamlet("run", "--metrics", str(file))
    samples = read(file.read_text())

    assert 1 == value(first, "cycles_total", client="acme", result="done")
    assert 2 == value(samples, "cycles_total", client="acme", result="done")
    assert 0 == value(samples, "cycles_total", client="acme", result="failed")
    assert 3 == value(samples, "records_linked", client="acme", connection="two")
    assert (3, 3) == (
        value(first, "records", client="acme"),
        value(samples, "records", client="acme"),
    )
    assert value(first, "writes_total", client="acme") >= 3
    assert value(first, "writes_total", client="acme") < (
        value(samples, "writes_total", client="acme")
    )
    assert (0, 1) == tuple(value(s, "proposals_open", client="acme") for s in (first, samples))
    assert value(samples, "last_success_timestamp_seconds", client="acme") > 0
    assert value(samples, "oldest_age_seconds", client="acme", kind="proposal") > 0
    assert 0o644 == stat.S_IMODE(os.stat(file).st_mode)
    assert [] == list(hamlet.root.glob(".syncer.prom*"))
    text = file.read_text()
    assert not [word for word in ("Build", "anna", "2026-12-24") if word in text]


def test_status_writes_the_same_without_a_run(hamlet: Hamlet) -> None:
    """Before anything ran all is 0, and no state is made for it."""
    file = hamlet.root / "syncer.prom"
    assert 0 == hamlet("status", "--metrics", str(file)).code
    samples = read(file.read_text())

    assert 0 == value(samples, "last_success_timestamp_seconds", client="acme")
    assert not (hamlet.root / "data").exists()
    hamlet("run")
    hamlet("pause", "acme")
    hamlet("status", "--metrics", str(file))
    found = read(file.read_text())
    assert (1, 0) == tuple(value(found, name, client="acme") for name in ("paused", "retired"))


def test_a_file_that_cannot_be_written_is_said(hamlet: Hamlet) -> None:
    """The run is told as ever; the exit code says that something is wrong."""
    said = hamlet("run", "--metrics", str(hamlet.root / "nowhere" / "x.prom"))

    assert 1 == said.code
    assert "acme: done" in said.out
    assert "x.prom cannot be written: No such file or directory" in said.err
    assert 1 == hamlet("status", "--metrics", str(hamlet.root / "nowhere" / "x.prom")).code


def test_labels_are_escaped() -> None:
    """Whatever a key holds, the reader gets it back."""
    odd = 'a"b\\c\nd'
    text = exposition([Family("x", "gauge", "One\nhelp \\.", (({"client": odd}, 0.25),))])

    assert {("x", frozenset({("client", odd)})): 0.25} == read(text)
    assert text.startswith("# HELP x One\\nhelp \\\\.\n")


def test_totals_grow_and_quota_is_of_the_last_run() -> None:
    """Requests of other runs in the same process are not counted twice."""
    before = {"trello": Usage(5, {10.0: 0.5})}
    now = {"trello": Usage(8, {10.0: 0.5}), "asana": Usage(2, {60.0: 0.123456})}
    one = added(None, before, now, Counter(acme=2))
    two = added(one, now, now, Counter(acme=1))

    assert {"asana": 2, "trello": 3} == one["requests"]
    assert {"trello": {"10s": 0.5}, "asana": {"60s": 0.1235}} == one["quota"]
    assert (one["requests"], one["quota"]) == (two["requests"], two["quota"])
    assert {"acme": 3} == two["written"]


def test_requests_and_quota_are_by_system(tmp_path: Path) -> None:
    """As the totals have them; the oldest of each kind counts."""
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with Store.open(tmp_path / "state.db") as store:
        with store.transaction() as tx:
            tx.change_meta(
                "totals",
                lambda _: {"requests": {"hubspot": 7}, "quota": {"hubspot": {"10s": 0.25}}},
            )
            tx.change_meta("totals", lambda kept: kept | {"written": {"acme": 4}})
        samples = read(exposition(figures([Standing("acme")], store, now, "1.0")))

    assert 7 == value(samples, "requests_total", system="hubspot")
    assert 0.25 == value(samples, "quota_used_ratio", system="hubspot", window="10s")
    assert 4 == value(samples, "writes_total", client="acme")
    assert 1 == value(samples, "info", version="1.0")


@pytest.mark.parametrize("text", ["x 1", '# HELP x y\n# TYPE x gauge\nx{a="b} 1\n', "x 1\n"])
def test_the_reader_is_strict(text: str) -> None:
    """What is not of the format is refused, or these tests would say nothing."""
    with pytest.raises(AssertionError):
        read(text)
