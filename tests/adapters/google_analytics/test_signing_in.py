"""Tokens: made once, exchanged in time, never shown; and what is said when none is given."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import structlog
import time_machine

from adapters.google_analytics.sandbox import accounts
from syncer.adapterkit.clock import VendorClock
from syncer.adapterkit.errors import AdapterError, StopConnection, WaitAndRetry
from tests.adapters.google_analytics.bench import BAKERY, Bench, ask

TOKEN = "/token$"


def test_a_service_account_signs_in_once(b: Bench) -> None:
    """One token for everything, also for many threads that begin at the same time."""
    adapter = b.opened("syncer")
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: adapter.describe(BAKERY), range(6)))
    b.answer(ask())

    assert b.count("/token") == 1
    assert adapter.whoami().email == "syncer@agency-reports.iam.example"


def test_a_user_who_has_agreed_signs_in_too(b: Bench) -> None:
    """By the refresh token; the vendor does not name such a user."""
    adapter = b.opened("maya")

    assert b.answer(ask(), adapter).rows
    assert adapter.whoami().name == "an OAuth user"


@pytest.mark.parametrize("user", ["syncer", "maya"])
def test_a_token_is_exchanged_before_it_ends(b: Bench, user: str) -> None:
    """Five minutes before; a refresh token goes on being good."""
    adapter = b.opened(user)
    started = VendorClock.ours()
    with time_machine.travel(started, tick=False) as clock:
        adapter.describe(BAKERY)
        clock.shift(timedelta(minutes=54))
        adapter.describe(BAKERY)
        assert b.count("/token") == 1
        clock.shift(timedelta(minutes=2))
        adapter.describe(BAKERY)
        assert b.count("/token") == 2


def test_a_refused_token_is_exchanged_once(b: Bench) -> None:
    """A token that ends early is no reason to stop; one refused twice is."""
    b.answer(ask())
    b.control("expire")
    assert b.answer(ask()).rows
    assert b.count("/token") == 2

    b.running.fault({"status": 401}, times=2, path=":runReport")
    with pytest.raises(StopConnection, match="refused"):
        b.answer(ask())
    assert b.count("/token") == 3


def test_a_key_that_was_deleted_stops_the_connection(b: Bench) -> None:
    """And the way out is said; nothing is repeated."""
    b.sandbox.revoked.add("syncer")
    with pytest.raises(StopConnection, match="make a new JSON key") as caught:
        b.opened("syncer").whoami()
    assert "invalid_grant" in str(caught.value)
    assert b.count() == 1


def test_a_user_who_withdrew_stops_the_connection(b: Bench) -> None:
    """It may also be the seven days of an app in testing: said as well."""
    b.sandbox.revoked.add("maya")
    with pytest.raises(StopConnection, match=r"lasts 7 days.*authorise again"):
        b.opened("maya").whoami()


def test_a_wrong_clock_is_told(b: Bench) -> None:
    """Google refuses what was signed at another time than its own; how far off we are is said."""
    ahead = format_datetime(VendorClock.ours() + timedelta(seconds=1200), usegmt=True)
    body = json.dumps({"error": "invalid_grant"})
    b.running.fault({"status": 400, "body": body, "headers": {"date": ahead}}, path=TOKEN)

    with pytest.raises(StopConnection, match=r"the clock of this machine is 1[12]\d\d s off"):
        b.adapter.whoami()


def test_an_oauth_app_that_is_wrong_stops_the_connection(b: Bench) -> None:
    """A client secret of another app: what the vendor calls it is said."""
    with pytest.raises(StopConnection, match="invalid_client"):
        b.opened("maya", client_secret="GOCSPX-of-somebody-else").whoami()


def test_an_answer_without_a_token(b: Bench) -> None:
    """Is tried again later, whatever it is."""
    adapter = b.opened("maya")
    for token in (None, "", "a b\n", ["x"], 5):
        b.running.fault(
            {"status": 200, "body": json.dumps({"access_token": token})}, times=4, path=TOKEN
        )
        with pytest.raises(WaitAndRetry, match="no token"):
            adapter.whoami()
        b.running.desk.faults.clear()
    assert adapter.whoami().name


@pytest.mark.parametrize("status", [302, 400, 403, 404])
def test_an_address_that_gives_no_tokens(b: Bench, status: int) -> None:
    """Whatever it answers, it is about the connection and about no single report."""
    headers = {"location": "https://elsewhere.example/token"}
    b.running.fault({"status": status, "body": "no", "headers": headers}, path=TOKEN)
    with pytest.raises(StopConnection, match="no token is given"):
        list(b.adapter.ask([ask()]))
    assert b.count() == 1


@pytest.mark.parametrize("lasts", [None, "3599", -5, "soon", 10**12, 1.5])
def test_a_token_that_lasts_oddly(b: Bench, lasts: Any) -> None:
    """Is used all the same: a refusal exchanges it."""
    made = b.sandbox.tokens._token("maya", accounts.SCOPES)
    body = json.dumps({"access_token": made["access_token"], "expires_in": lasts})
    b.running.fault({"status": 200, "body": body}, path=TOKEN)

    assert b.answer(ask(), b.opened("maya")).rows


def _secrets(b: Bench, user: str) -> list[str]:
    """All that this user's adapter has been given, or has made."""
    options = b.running.connection(user)
    key = json.loads(str(options.get("credentials", "{}"))).get("private_key", "")
    given = [str(options.get(name, "")) for name in ("client_secret", "refresh_token")]
    made = [*b.sandbox.tokens.made, *b.sandbox.tokens.seen]
    return [secret for secret in (*given, *made, *key.splitlines()[1:-1]) if secret]


def _told(call: Callable[[], object]) -> str:
    """Whatever comes of it, as text."""
    try:
        return repr(call())
    except AdapterError as error:
        return f"{error} {error!r} {error.detail} {error.args}"


@pytest.mark.parametrize("user", ["syncer", "maya"])
@pytest.mark.parametrize("path", ["/properties/", TOKEN])
def test_no_secret_shows(b: Bench, path: str, user: str) -> None:
    """A vendor that repeats tokens, keys and assertions gets them into no error and no log."""
    adapter = b.opened(user)
    with structlog.testing.capture_logs() as logs:
        adapter.whoami()
        secrets = _secrets(b, user)
        said = " ".join(secrets)
        b.control("expire")
        told = {"error": {"code": 400, "message": said}, "error_description": said}
        b.running.fault({"status": 400, "body": json.dumps(told)}, times=9, path=path)
        shown = [
            _told(adapter.whoami),
            _told(lambda: adapter.describe(BAKERY)),
            _told(lambda: list(adapter.ask([ask()]))),
        ]
    text = "\n".join([*shown, str(logs), repr(adapter)])

    assert "[secret]" in text
    assert [s for s in (*secrets, *_secrets(b, user)) if s in text] == []
