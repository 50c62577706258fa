"""The token endpoint, and what stands in ``Authorization`` (guide, 3).

Signatures are verified for real. Times are held against this machine's clock, by which a
client's library signs, not against the stand-in's own clock, which tests move; ``skew`` makes
the two differ.
"""

import json
from base64 import urlsafe_b64decode
from collections import deque
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import Struct, field
from starlette.responses import Response

from adapters.google_analytics.sandbox import accounts
from syncer.adapterkit.sandbox import SandboxRequest, SandboxUser, reply

BY_JWT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
BY_REFRESH: Final = "refresh_token"
LIFE: Final = timedelta(seconds=3599)
TOKEN_URL: Final = "https://oauth2.googleapis.com/token"
_HOUR: Final = timedelta(hours=1)
_LENIENT: Final = timedelta(minutes=5)
"""How far a client's clock may be off; the vendor does not say how much it forgives."""

_REMEMBERED: Final = 20


class BadToken(Exception):
    """Something that was signed and is not good; ``error`` and the text are Google's."""

    def __init__(self, error: str, text: str) -> None:
        super().__init__(text)
        self.error = error


class Grant(Struct, frozen=True):
    """What a token lets its user do, and for how long."""

    user: str
    scopes: frozenset[str]
    until: datetime | None = None


class Tokens(Struct):
    """Makes tokens and knows them again.

    Args:
        users: everybody, by name.
        skew: by how much this endpoint's clock is ahead of the machine's.
        revoked: names of users who may not sign in any more.
    """

    users: Mapping[str, SandboxUser]
    revoked: Collection[str]
    skew: timedelta = timedelta(0)
    made: dict[str, Grant] = field(default_factory=dict)
    seen: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    """Assertions, which must not show in any record."""

    def now(self) -> datetime:
        """The time by which tokens live and die."""
        return datetime.now(UTC) + self.skew

    def expire(self) -> None:
        """Let every token that was made run out now."""
        self.made.clear()

    def grant(self, token: str) -> Grant | None:
        """What a bearer token stands for; none if it is not good any more."""
        for user in self.users.values():
            if token == user.token:
                return Grant(user.name, accounts.SCOPES)
        if token.count(".") == 2 and not token.startswith("ya29."):
            return self._self_signed(token)
        grant = self.made.get(token)
        return grant if grant and (grant.until is None or grant.until > self.now()) else None

    def _self_signed(self, token: str) -> Grant | None:
        """A JWT instead of a token: the vendor's own clients send one by themselves."""
        self.seen.append(token)
        try:
            user, claims = self._claims(token)
        except BadToken:
            return None
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes and str(claims.get("aud", "")).startswith("https://analytics"):
            scopes = accounts.SCOPES
        return Grant(user.name, scopes)

    def caller(self, request: SandboxRequest) -> SandboxUser:
        """Whom a call of the token endpoint is about; somebody in any case."""
        form = request.form()
        if form.get("assertion"):
            self.seen.append(form["assertion"])
        named = [
            user
            for name, user in self.users.items()
            if form.get("refresh_token") == accounts.refresh_token(name)
            or _issuer(form.get("assertion", "")) == user.email
        ]
        return named[0] if named else SandboxUser("nobody", "0", "", "", "nobody")

    def endpoint(self, request: SandboxRequest) -> Response:
        """``POST /token``."""
        form = request.form()
        try:
            if form.get("grant_type") == BY_JWT:
                return self._by_jwt(form.get("assertion", ""), request)
            if form.get("grant_type") == BY_REFRESH:
                return self._by_refresh(form)
            kind = form.get("grant_type", "")
            raise BadToken("unsupported_grant_type", f"Invalid grant_type: {kind}")
        except BadToken as bad:
            return token_error(bad.error, str(bad))

    def _by_jwt(self, assertion: str, request: SandboxRequest) -> Response:
        user, claims = self._claims(assertion)
        here = f"http://{request.headers.get('host', '')}{request.path}"
        if claims.get("aud") not in (here, TOKEN_URL):
            text = f"Invalid JWT: Failed audience check. The right audience is {TOKEN_URL}"
            raise BadToken("invalid_grant", text)
        scopes = str(claims.get("scope", "")).split()
        if not scopes:
            raise BadToken("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return reply(self._token(user.name, frozenset(scopes)))

    def _by_refresh(self, form: Mapping[str, str]) -> Response:
        client = (form.get("client_id"), form.get("client_secret"))
        if client != (accounts.CLIENT_ID, accounts.CLIENT_SECRET):
            return token_error("invalid_client", "The OAuth client was not found.", 401)
        told = form.get("refresh_token")
        for name in self.users:
            people = name not in accounts.SERVICES and name not in self.revoked
            if people and told == accounts.refresh_token(name):
                answer = self._token(name, frozenset({accounts.SCOPE}))
                return reply({**answer, "scope": accounts.SCOPE})
        raise BadToken("invalid_grant", "Token has been expired or revoked.")

    def _token(self, user: str, scopes: frozenset[str]) -> dict[str, Any]:
        until = self.now() + LIFE
        digest = sha256(f"{user} {until.isoformat()} {len(self.made)}".encode()).hexdigest()
        token = f"ya29.c.{digest}"
        self.made[token] = Grant(user, scopes, until)
        seconds = int(LIFE.total_seconds())
        return {"access_token": token, "expires_in": seconds, "token_type": "Bearer"}

    def _claims(self, assertion: str) -> tuple[SandboxUser, dict[str, Any]]:
        """What was signed and by whom. Raises :class:`BadToken`."""
        head, _, signature = assertion.rpartition(".")
        header, claims = (_decoded(part) for part in [*head.split("."), ""][:2])
        services = [self.users[name] for name in accounts.SERVICES]
        user = next((one for one in services if one.email == claims.get("iss")), None)
        if user is None or user.name in self.revoked:
            raise BadToken("invalid_grant", "Invalid grant: account not found")
        key, wanted = accounts.key_of(user.name).public_key(), accounts.key_id(user.name)
        try:
            key.verify(_bytes(signature), head.encode(), PKCS1v15(), SHA256())
        except InvalidSignature:
            raise BadToken("invalid_grant", "Invalid JWT Signature.") from None
        if header.get("alg") != "RS256" or header.get("kid", wanted) != wanted:
            raise BadToken("invalid_grant", "Invalid JWT Signature.")
        self._in_time(claims)
        return user, claims

    def _in_time(self, claims: Mapping[str, Any]) -> None:
        try:
            made, ends = (datetime.fromtimestamp(int(claims[name]), UTC) for name in ("iat", "exp"))
        except (KeyError, TypeError, ValueError, OverflowError):
            made = ends = datetime.fromtimestamp(0, UTC)
        now = self.now()
        if not made - _LENIENT <= now <= ends or not timedelta(0) < ends - made <= _HOUR:
            raise BadToken(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable"
                " timeframe. Check your iat and exp values in the JWT claim.",
            )


def token_error(error: str, text: str, status: int = 400) -> Response:
    """An error in the shape of the token endpoint, which is not that of the APIs."""
    return reply({"error": error, "error_description": text}, status)


def _issuer(assertion: str) -> str:
    try:
        return str(_decoded([*assertion.split("."), ""][1]).get("iss", ""))
    except BadToken:
        return ""


def _decoded(part: str) -> dict[str, Any]:
    try:
        told = json.loads(_bytes(part))
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise BadToken("invalid_grant", "Bad Request")
    return told


def _bytes(part: str) -> bytes:
    try:
        return urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise BadToken("invalid_grant", "Bad Request") from None
