"""What every adapter promises when things go wrong."""

import logging
from typing import Any

import pytest
import structlog

from syncer.adapterkit.errors import AdapterError, StopConnection, WaitAndRetry
from syncer.adapterkit.sandbox import Running
from syncer.model.remote import Op, Result
from tests.contract.driving import Pulled, catalogue, create, now, pull, push, update, write
from tests.contract.harness import Harness

PAGE = {"status": 200, "body": "<html>Maintenance</html>", "headers": {"content-type": "text/html"}}


def wire(h: Harness) -> Running:
    if h.running is None:
        pytest.skip(f"{h.name} has no wire")
    return h.running


def tried(h: Harness, known: Any) -> Pulled | AdapterError:
    """A first pull, or the named error it ended with; any other exception is a failure."""
    try:
        return pull(h, known=known)
    except AdapterError as error:
        return error


def test_a_revoked_token_stops_the_connection(h: Harness) -> None:
    """With bad credentials the connection is stopped, whatever is asked of it."""
    known = catalogue(h)
    (h.revoke or (lambda: wire(h).sandbox.revoked.add("syncer")))()
    with pytest.raises(StopConnection):
        h.adapter.whoami()
    with pytest.raises(StopConnection):
        pull(h, known=known)
    one = write(h, Op.CREATE, fields={h.item.title: "Refused"})
    with pytest.raises(StopConnection):
        list(h.adapter.push([one], known))


def test_a_bad_moment_is_waited_out(h: Harness) -> None:
    """A 503 in the middle of a pull is tried again, and the pull is complete."""
    known, expected = catalogue(h), pull(h)
    wire(h).fault({"status": 503}, **h.poll_fault)
    again = pull(h, known=known)
    assert again.items(h).keys() == expected.items(h).keys()
    assert again.listed == expected.listed


def test_too_many_requests_are_waited_out(h: Harness) -> None:
    """A 429 that names its wait is waited out."""
    known = catalogue(h)
    wire(h).fault({"status": 429, "headers": {"Retry-After": "0.05"}}, **h.poll_fault)
    assert pull(h, known=known).done


def test_a_page_of_html_is_a_named_error(h: Harness) -> None:
    """A proxy's page where JSON should be is told as such, with its content type."""
    known = catalogue(h)
    wire(h).fault(PAGE, times=20, **h.poll_fault)
    error = tried(h, known)
    assert isinstance(error, WaitAndRetry)
    assert "text/html" in str(error)


@pytest.mark.parametrize("cut", [0, 1, 60, "page"])
def test_a_cut_page_is_never_complete(h: Harness, cut: Any) -> None:
    """A page cut short is an error or not complete; the records on it are never all there are."""
    known = catalogue(h)
    wire(h).fault({"cut": cut}, times=20, **h.poll_fault)
    result = tried(h, known)
    assert isinstance(result, AdapterError) or not result.listed


@pytest.mark.parametrize("body", ["null", "[]", "{}", '"x"', "5", '{"data": 5}', "[[1]]", "[null]"])
def test_json_of_another_shape_is_no_traceback(h: Harness, body: str) -> None:
    """Any JSON gives records, skips or a named error; and then the listing is not complete."""
    known = catalogue(h)
    expected = pull(h, known=known).items(h).keys()
    json = {"content-type": "application/json"}
    wire(h).fault({"status": 200, "body": body, "headers": json}, times=20, **h.poll_fault)
    result = tried(h, known)
    if isinstance(result, Pulled) and result.items(h).keys() < expected:
        lost = {h.container} if h.container else {None}
        assert not {place for object, place in result.listed if object == h.item_object} & lost


def test_an_unanswered_update_is_no_exception(h: Harness) -> None:
    """An update whose answer is lost is repeated, or told as unknown."""
    if not h.creatable:
        pytest.skip(f"{h.name} makes no items")
    id = create(h, {h.item.title: "Before"}).id or ""
    known = catalogue(h)
    one = write(h, Op.UPDATE, id, fields={h.item.title: "After"}, base={h.item.title: "Before"})
    for method in ("PUT", "PATCH", "POST"):
        wire(h).fault({"drop": "after"}, method=method)
    outcome = next(iter(h.adapter.push([one], known)))
    assert outcome.result in (Result.DONE, Result.UNKNOWN)
    wire(h).desk.faults.clear()
    assert now(h, id).fields[h.item.title] in ("After", "Before")


def test_a_failed_write_is_an_outcome(h: Harness) -> None:
    """A create that the system refuses for good is an outcome with a reason."""
    if not h.creatable:
        pytest.skip(f"{h.name} makes no items")
    if not h.write_fault:
        pytest.skip(f"{h.name} has no wire")
    wire(h).fault({"status": 400}, **h.write_fault)
    outcome = push(h, write(h, Op.CREATE, fields={h.item.title: "Refused"}))
    assert outcome.result is Result.REFUSED
    assert outcome.reason


def test_no_refusal_for_haste_is_ever_earned(h: Harness) -> None:
    """Everything above the documented limits is held back by the adapter itself."""
    running = wire(h)
    for _ in range(3):
        pull(h)
    id = create(h, {h.item.title: "Often"}).id if h.creatable else None
    for number in range(5 if id else 0):
        update(h, id or "", {h.item.title: f"Often {number}"})
    assert [r for r in running.requests if r["status"] == 429] == []


def test_no_error_or_log_holds_a_secret(h: Harness, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever fails, no secret is in an error, a repr or a log."""
    known = catalogue(h)
    caplog.set_level(logging.DEBUG)
    told: list[str] = [repr(h.adapter), repr(h.adapter.whoami())]
    bodies = [PAGE, {"status": 401}, {"status": 400, "body": f"bad {' '.join(h.secrets)}"}]
    with structlog.testing.capture_logs() as logs:
        for fault in bodies:
            wire(h).fault(fault, times=20, **h.poll_fault)
            error = tried(h, known)
            told += [str(error), repr(error), getattr(error, "detail", "")]
            wire(h).desk.faults.clear()
    text = "\n".join([*told, str(logs), caplog.text])
    assert h.secrets
    assert [secret for secret in h.secrets if secret in text] == []
