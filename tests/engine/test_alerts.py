"""Ops hear of trouble once when it begins and once when it ends, over a real receiver."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from syncer.engine import alerts
from syncer.engine.alerts import KEY, alerting
from syncer.engine.context import Orders
from syncer.engine.troubles import Age, Book, Client, Found, found, message, news
from syncer.model.configuration import Configuration
from syncer.model.decisions import Plan, Refusal
from syncer.model.records import Parked
from syncer.model.report import CycleReport, CycleResult
from tests.engine.receiver import TOKEN, Receiver, receiving
from tests.engine.town import Town


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on this machine."""
    with receiving() as made:
        yield made


@pytest.fixture
def town(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town in step whose ops have an address."""
    made = Town(tmp_path)
    plain = made.config
    monkeypatch.setattr(made, "config", lambda: replace(plain(), alerts=(receiver.address,)))
    made.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    run(made)
    yield made
    made.store.close()


def run(town: Town, **options: Any) -> CycleReport:
    """One run to its end, as the command line makes it."""
    town.later(minutes=5)
    with town.service() as service:
        (report,) = list(service.run(None, Orders(**options)))
    return report


def test_a_tool_that_is_down_is_told_once_and_its_end_once(town: Town, receiver: Receiver) -> None:
    """One message when it begins, none while it lasts, one when it is over."""
    town.worlds["two"].revoked.add("syncer")
    assert CycleResult.FAILED is run(town).result
    run(town)
    run(town)
    begun = list(receiver.texts())
    town.worlds["two"].revoked.clear()
    run(town)
    run(town)

    assert 1 == len(begun)
    assert begun[0].startswith("Trouble: two cannot be used:")
    assert begun[0].endswith("(clients: acme)")
    assert [begun[0].replace("Trouble", "Over")] == receiver.texts()[1:]
    assert ["syncer: trouble, 1 new", "syncer: trouble, 1 over"] == receiver.titles()


def test_a_client_that_is_not_in_step_is_told_once_and_its_end_once(
    town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the time that is set, whatever keeps it: here cycles that run and fail."""
    config = replace(town.config(), alert_after=timedelta(minutes=30))
    monkeypatch.setattr(town, "config", lambda: config)
    since = town.now() + timedelta(minutes=5)
    run(town)
    town.worlds["two"].revoked.add("syncer")
    for _ in range(8):
        run(town)
    begun = receiver.texts()
    town.worlds["two"].revoked.clear()
    run(town)
    run(town)

    down, late = begun
    assert down.startswith("Trouble: two cannot be used: ")
    assert late.startswith(f"Trouble: acme: not in step since {since:%Y-%m-%d %H:%M} UTC: two: ")
    assert [[down, late]] == [
        [line.replace("Over", "Trouble") for line in text.splitlines()]
        for text in receiver.texts()[2:]
    ]


def test_a_paused_client_is_not_waited_for(
    town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one that never had a cycle; one that another run works on for too long is."""
    config = replace(town.config(), alert_after=timedelta(minutes=30))
    monkeypatch.setattr(town, "config", lambda: config)
    with town.store.transaction() as tx:
        tx.pause("acme", town.now())
    town.later(hours=1)
    run(town)
    assert [] == receiver.got

    with town.store.transaction() as tx:
        tx.resume("acme")
    with town.store.lock("acme"):
        assert CycleResult.LOCKED is run(town).result
    assert receiver.texts()[0].startswith("Trouble: acme: not in step since ")


def test_all_well_tells_nothing_and_keeps_nothing(town: Town, receiver: Receiver) -> None:
    """A run without trouble sends no message."""
    run(town)

    assert ([], None) == (receiver.got, town.store.meta(KEY))


def test_what_could_not_be_sent_is_sent_later(town: Town, receiver: Receiver) -> None:
    """The run goes on, the log says so, and the next run tells it."""
    receiver.status = 503
    town.worlds["two"].revoked.add("syncer")
    with capture_logs() as logs:
        report = run(town)
    receiver.status = 200
    run(town)

    assert CycleResult.FAILED is report.result
    assert ["alerts.unsent"] == [e["event"] for e in logs if e["event"].startswith("alerts")]
    assert not [entry for entry in logs if TOKEN in str(entry)]
    assert 1 == len(receiver.got)
    assert "Perhaps" not in receiver.texts()[0]


def test_what_was_over_before_it_could_be_told_is_not_told(town: Town, receiver: Receiver) -> None:
    """Nobody is woken for what began and ended while mail did not go out."""
    receiver.status = 503
    town.worlds["two"].revoked.add("syncer")
    run(town)
    town.worlds["two"].revoked.clear()
    receiver.status = 200
    run(town)

    assert ([], Book({})) == (receiver.got, Book.of(town.store.meta(KEY)))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_while_telling_it_is_told_and_says_so(
    town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Killed before or after the message left, the next run tells it, as one perhaps told before."""

    class Killed(BaseException):
        pass

    real = alerts.send

    def dying(addresses: Any, title: str, text: str) -> None:
        if moment == "after":
            real(addresses, title, text)
        raise Killed

    town.worlds["two"].revoked.add("syncer")
    with monkeypatch.context() as patch:
        patch.setattr(alerts, "send", dying)
        with pytest.raises(Killed):
            run(town)
    run(town)
    run(town)

    assert {"before": 1, "after": 2}[moment] == len(receiver.got)
    assert (
        "(Perhaps told before: the service was stopped while it told this.)"
        in (receiver.texts()[-1])
    )


def test_nothing_that_goes_wrong_with_alerts_stops_a_run(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a state that cannot say what was told is only logged."""
    town.worlds["two"].revoked.add("syncer")
    with town.store.transaction() as tx:
        tx.put_meta(KEY, {"open": 7})

    with capture_logs() as logs:
        report = run(town)

    assert CycleResult.FAILED is report.result
    assert "alerts.failed" in {entry["event"] for entry in logs}


def test_without_addresses_nothing_is_done(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service whose ops have no address keeps no book of troubles."""
    silent = replace(town.config(), alerts=())
    monkeypatch.setattr(town, "config", lambda: silent)
    town.worlds["two"].revoked.add("syncer")
    run(town)

    assert town.store.meta(KEY) is None


def report(result: CycleResult = CycleResult.DONE, key: str = "acme", **more: Any) -> CycleReport:
    """The end of a cycle."""
    return CycleReport(key, result, **more)


def looked(*clients: Client, ages: Sequence[Age] = ()) -> Found:
    """What is wrong with these."""
    return found(clients, ages)


def test_every_trouble_has_its_words(town: Town) -> None:
    """Guard, configuration, parked work, a tool, and a client that does not get into step."""
    refusal = Refusal("archives", "two", 11, 100, "10", "--allow archives")
    parked = Parked("k", "acme", None, "two", "no such list", 1, town.now(), town.now())
    clients = (
        Client(report(CycleResult.REFUSED, "a", plan=Plan("a", refusals=(refusal,))), frozenset()),
        Client(report(CycleResult.BROKEN, "b", problems=("x:1:1: bad", "y")), frozenset()),
        Client(report(key="c"), frozenset(), parked=(parked,)),
        Client(report(CycleResult.FAILED, "d", down={"two": "401"}), frozenset({"one", "two"})),
        Client(report(CycleResult.FAILED, "e", down={"two": "401"}), frozenset({"two"})),
        Client(report(CycleResult.FAILED, "f", problems=("disk full",)), frozenset()),
    )
    ages = (
        Age("f", town.now() - timedelta(hours=3), late=True, why="disk full"),
        Age("g", town.now(), late=False),
    )
    told = looked(*clients, ages=ages).troubles

    assert [
        f"a: the guard refused: {refusal}",
        "b: its configuration is wrong: x:1:1: bad (and 1 more)",
        "c: 1 parked: no such list (see `syncer parked`)",
        "two cannot be used: 401 (clients: d, e)",
        f"f: not in step since {ages[0].since:%Y-%m-%d %H:%M} UTC: disk full",
    ] == [told[key] for key in ("refused:a", "broken:b", "parked:c", "down:two", "late:f")]
    assert 5 == len(told)


@pytest.mark.parametrize("result", [CycleResult.PAUSED, CycleResult.LOCKED])
def test_who_was_not_looked_at_is_as_before(result: CycleResult) -> None:
    """A trouble does not end because its client is paused, or is being worked on."""
    open_one = Book({"refused:acme": "acme: the guard refused", "down:two": "two cannot be used"})
    now = looked(Client(report(result), frozenset({"two"})))

    assert open_one == news(open_one, now)


def test_several_are_gathered() -> None:
    """What begins and ends in one run is one message."""
    book = news(
        Book({"down:one": "one cannot be used"}),
        looked(
            Client(report(), frozenset({"one"})),
            Client(report(CycleResult.BROKEN, "b", problems=("bad",)), frozenset()),
        ),
    )

    assert (
        "syncer: trouble, 1 new, 1 over",
        "Trouble: b: its configuration is wrong: bad\nOver: one cannot be used",
    ) == message(book)
    assert Book.of(book.json()) == book


def test_two_runs_at_once_do_not_tell_the_same(town: Town, receiver: Receiver) -> None:
    """While another run tells, this one leaves it to the next."""
    config: Configuration = town.config()
    failed = report(CycleResult.FAILED, down={"two": "gone"})
    with town.store.lock(alerts._LOCK), capture_logs() as logs:
        list(alerting(config, town.store, town.clock, iter([failed])))
    assert ([], ["alerts.later"]) == (receiver.got, [entry["event"] for entry in logs])

    list(alerting(config, town.store, town.clock, iter([failed])))
    assert 1 == len(receiver.got)
