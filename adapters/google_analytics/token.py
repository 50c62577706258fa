"""Access tokens: made by google-auth, sent over our own HTTP, kept until five minutes before the end."""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from google.auth.transport import Request, Response
from google.oauth2.credentials import Credentials as User
from google.oauth2.service_account import Credentials as ServiceAccount
from msgspec import Struct

from adapters.google_analytics.key import checked_key
from adapters.google_analytics.options import TOKEN_LIMITS, Options
from adapters.google_analytics.shapes import mapping, whole, word
from syncer.adapterkit.answer import Answer, by_status
from syncer.adapterkit.clock import VendorClock
from syncer.adapterkit.errors import AdapterError, SkipRecord, StopConnection, WaitAndRetry
from syncer.adapterkit.http import Http
from syncer.adapterkit.limits import budget_for, digest_of
from syncer.adapterkit.redact import Redactor, know
from syncer.adapterkit.urls import checked_base

EARLY: Final = 300.0
"""Seconds before its end that a token is exchanged."""

USUAL: Final = 3600
"""Seconds that a token lasts if the answer does not say."""

_OFF: Final = 60.0
"""Seconds that our clock may differ from Google's before that is said."""

_KEY_REFUSED: Final = (
    "the service account's key is refused: it was deleted, or the account is disabled, or the "
    "clock of this machine is wrong; set the clock, or make a new JSON key"
)
_USER_REFUSED: Final = (
    "the refresh token is refused: the user withdrew it, or it was not used for 6 months, or the "
    'OAuth consent screen is in "testing", where it lasts 7 days; publish the app if so, and '
    "authorise again"
)


class Identity(Struct, frozen=True):
    """A credential: Google's own object, what names it, and all of it that is secret."""

    google: ServiceAccount | User
    email: str
    token_url: str
    secrets: tuple[str, ...]
    refused: str

    @property
    def digest(self) -> str:
        """Tells credentials apart without telling them."""
        return digest_of(self.token_url, *self.secrets)


def identity(options: Options) -> Identity:
    """The credential that the options name. Raises :class:`StopConnection` if it is unusable."""
    if options.credentials is not None:
        text = options.credentials.get_secret_value()
        try:
            info, google = checked_key(text)
        except ValueError as error:
            raise StopConnection(str(error)) from None
        secrets = (*_lines(info["private_key"]), *_text(info.get("private_key_id")))
        return Identity(google, info["client_email"], info["token_uri"], secrets, _KEY_REFUSED)
    assert options.client_secret is not None
    assert options.refresh_token is not None
    secret = options.client_secret.get_secret_value()
    refresh = options.refresh_token.get_secret_value()
    user = User(  # type: ignore[no-untyped-call]
        None,
        refresh_token=refresh,
        token_uri=options.token_url,
        client_id=options.client_id,
        client_secret=secret,
    )
    return Identity(user, "", options.token_url, (secret, refresh), _USER_REFUSED)


class Token:
    """The access token of one credential. Safe to use from many threads: one of them refreshes.

    Args:
        who: the credential.
        timeout: seconds, as for :class:`Http`.
    """

    def __init__(self, who: Identity, timeout: float = 60) -> None:
        self._who = who
        self._lock = threading.Lock()
        self._recent: tuple[str, ...] = ()
        self._until = 0.0
        parts = urlsplit(checked_base(who.token_url))
        self._path = parts.path or "/"
        self.http = Http(
            f"{parts.scheme}://{parts.netloc}",
            headers=dict,
            classify=self._classify,
            budget=budget_for(who.digest, TOKEN_LIMITS, 1.0),
            secrets=who.secrets,
            timeout=timeout,
            system="google_analytics",
        )

    @property
    def value(self) -> str:
        """The token as it is; empty before the first."""
        return self._recent[0] if self._recent else ""

    @property
    def hide(self) -> Redactor:
        """Takes the credential, this token and the one before out of a text."""
        return self.http.hide

    def fresh(self, refused: str = "") -> str:
        """A token that is good for some minutes; another than the one that was ``refused``.

        Raises:
            StopConnection: no token is given for this credential; says the way out.
            WaitAndRetry: Google is down.
        """
        with self._lock:
            if time.time() >= self._until or self.value in ("", refused):
                self._renew()
            return self.value

    def close(self) -> None:
        """Release the connections, and forget the tokens: nobody has them any more."""
        self.http.close()
        with self._lock:
            know((), past=self._recent)
            self._recent = ()

    def _renew(self) -> None:
        door = _Door(self.http, self._path)
        try:
            self._who.google.refresh(door)  # type: ignore[no-untyped-call]
        except SkipRecord as error:
            # A redirect, or a page without end: it is not for one report to be skipped.
            why = f"no token is given: {error.reason}"
            raise StopConnection(why, status=error.status, detail=error.detail) from None
        except AdapterError:
            raise
        except Exception as error:  # noqa: BLE001 - its text may quote the answer, and so the token
            raise StopConnection(f"no token can be made ({type(error).__name__})") from None
        past, self._recent = self._recent, (door.token, *self._recent[:1])
        know(self._recent, past=set(past) - set(self._recent))
        self.http.hide = Redactor((*self._who.secrets, *self._recent))
        self._until = time.time() + door.seconds - min(EARLY, door.seconds / 2)

    def _classify(self, answer: Answer) -> AdapterError | None:
        """OAuth's errors (RFC 6749, 5.2); every refusal is one of the credential."""
        if answer.ok or answer.status in (408, 429) or answer.status >= 500:
            return by_status(answer)
        body = mapping(answer.json_or_none())
        code = word(body.get("error"))
        detail = answer.hide.short(f"{code} {word(body.get('error_description'))}".strip(), 200)
        why = self._who.refused if code == "invalid_grant" else "no token is given"
        off = (self.http.clock.now() - VendorClock.ours()).total_seconds()
        if abs(off) > _OFF:
            why = f"{why}; the clock of this machine is {abs(off):.0f} s off"
        return StopConnection(why, status=answer.status, detail=detail)


class _Door(Request):
    """google-auth's way out: only to the address of tokens, only through :class:`Http`."""

    def __init__(self, http: Http, path: str) -> None:
        self._http, self._path = http, path
        self.token, self.seconds = "", USUAL

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **more: Any,
    ) -> "_Reply":
        """Send the form that google-auth has made, and answer with what can be relied on."""
        form = dict(parse_qsl((body or b"").decode()))
        # A token asked for twice does no harm.
        answer = self._http.request(method, self._path, form=form, safe=True)
        told = mapping(answer.json())
        self.token = word(told.get("access_token"))
        if not self.token or not (self.token.isascii() and self.token.isprintable()):
            raise WaitAndRetry("the answer holds no token", status=answer.status)
        self.seconds = min(max(whole(told.get("expires_in")) or USUAL, 1), 24 * USUAL)
        kept = {"access_token": self.token, "expires_in": self.seconds, "token_type": "Bearer"}
        return _Reply(answer.status, answer.headers, json.dumps(kept).encode())


class _Reply(Response):
    """An answer as google-auth reads it."""

    def __init__(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        self._told = status, headers, data

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._told[0]

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers."""
        return self._told[1]

    @property
    def data(self) -> bytes:
        """Its body."""
        return self._told[2]


def _lines(key: str) -> Sequence[str]:
    """The lines of a private key: whole or in part, however its ends of line are written."""
    return tuple(line for line in key.split() if len(line) > 20)


def _text(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value else ()
