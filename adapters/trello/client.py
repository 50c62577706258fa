"""Trello's API with one credential: who we are, what we may spend, what an error means."""

import time
from collections.abc import Mapping
from typing import Any, Final

from adapters.trello.options import BASE_URL, KEY_LIMITS, MEMBER, TOKEN_LIMITS, Options
from adapters.trello.shapes import mapping, word
from syncer.adapterkit.answer import Answer, by_status
from syncer.adapterkit.contract import Opening
from syncer.adapterkit.errors import AdapterError, AskPerson, StopConnection, WaitAndRetry
from syncer.adapterkit.http import Http, segment
from syncer.adapterkit.limits import budget_for, digest_of

PAUSE: Final = 10.0
"""Seconds that a credential rests after a 429 that names none: the length of Trello's window."""

LET_IN: Final = 60.0
"""Seconds for which a credential that was just accepted is believed to be good."""

TOO_MANY_CARDS: Final = "API_TOO_MANY_CARDS"

__all__ = ["BASE_URL", "TOO_MANY_CARDS", "Trello", "classify", "segment"]


def words_of(answer: Answer) -> str:
    """Trello's own words: plain text mostly, JSON in two shapes, sometimes HTML or nothing."""
    body = mapping(answer.json_or_none())
    told = [word(body.get(key)) for key in ("error", "code", "message")]
    return ": ".join(dict.fromkeys(text for text in told if text)) or answer.text.strip()


def classify(answer: Answer) -> AdapterError | None:
    """The meaning of Trello's statuses ("Status codes", "Rate limits").

    401 is ambiguous: a bad key or token, or no permission for this one thing. What does not
    name the key or token is taken for the second here; :class:`Trello` then makes sure.
    """
    if answer.ok:
        return None
    said = words_of(answer)
    detail, status = answer.hide.short(said, 200), answer.status
    if status == 401 and not _about_credentials(said):
        return AskPerson("no permission", status=status, detail=detail)
    if status == 429:
        wait = answer.retry_after() or PAUSE
        return WaitAndRetry("too many requests", seconds=wait, status=status, detail=detail)
    if status == 449:
        return WaitAndRetry("a part of the request failed", status=status, detail=detail)
    return by_status(answer, said)


def _about_credentials(said: str) -> bool:
    text = said.lower()
    return any(name in text for name in ("invalid key", "invalid token", "invalid app", "expired"))


class Trello:
    """The requests of one connection. Safe to use from several threads."""

    def __init__(self, opening: Opening) -> None:
        options: Options = opening.options
        key, token = options.key.get_secret_value(), options.token.get_secret_value()
        whole = budget_for(digest_of(options.base_url, key), KEY_LIMITS, opening.share)
        budget = budget_for(
            digest_of(options.base_url, token), TOKEN_LIMITS, opening.share, also=(whole,)
        )
        # In the header, never in the URL: URLs end up in logs and in error texts.
        header = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'
        self.http = Http(
            options.base_url,
            headers=lambda: {"authorization": header},
            classify=classify,
            budget=budget,
            secrets=(key, token),
            timeout=opening.timeout,
            system="trello",
        )
        self._let_in_at = -LET_IN
        self._id = ""
        self._token = token

    def get(self, path: str, params: Mapping[str, Any] | None = None, **more: Any) -> Answer:
        """A read."""
        return self._call("GET", path, params=params, **more)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """A write that must not simply be repeated. Texts go in the body: URLs are too short."""
        return self._call("POST", path, json=dict(body))

    def put(self, path: str, body: Mapping[str, Any], *, safe: bool = False) -> Answer:
        """A write that is looked up before it is repeated: a person may have edited since.

        What only we can edit is ``safe``.
        """
        return self._call("PUT", path, json=dict(body), safe=safe)

    def delete(self, path: str) -> Answer:
        """Take something away; it may be gone already."""
        return self._call("DELETE", path)

    def me(self, fields: str = "id,username,fullName,email") -> Answer:
        """The member whose token this is."""
        try:
            return self.http.get("/members/me", params={"fields": fields}, kind=MEMBER)
        except AskPerson as error:
            if error.status != 401:
                raise
            raise StopConnection(
                "the credential was refused", status=401, detail=error.detail
            ) from None

    def token(self) -> Answer:
        """The token's own record. No other route tells it: here it must stand in the path.

        The log has the path without it.
        """
        return self._call("GET", f"/tokens/{segment(self._token)}")

    def my_id(self) -> str:
        """The id of that member; asked once."""
        if not self._id:
            self._id = word(mapping(self.me("id").json()).get("id"))
        return self._id

    def _call(self, method: str, path: str, **more: Any) -> Answer:
        try:
            return self.http.request(method, path, **more)
        except AskPerson as error:
            if error.status == 401:
                self._make_sure()
            raise

    def _make_sure(self) -> None:
        """Raise :class:`StopConnection` if it was the credential that was refused."""
        if time.monotonic() - self._let_in_at >= LET_IN:
            self.me("id")
            self._let_in_at = time.monotonic()

    def close(self) -> None:
        """Release connections."""
        self.http.close()
