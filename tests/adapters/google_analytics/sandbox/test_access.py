"""Signing in, and who may see what."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from google.auth import crypt, jwt

from tests.adapters.google_analytics.sandbox.desk import (
    BAKERY,
    ELSEWHERE,
    HTTP,
    OUTDOOR,
    Desk,
    only,
    rows,
)

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"


def key(desk: Desk, user: str = "syncer") -> dict[str, Any]:
    """A service account's key file."""
    told: dict[str, Any] = json.loads(str(desk.running.connection(user)["credentials"]))
    return told


def signed(info: dict[str, Any], **claims: Any) -> str:
    """An assertion by Google's own library, with claims of one's own."""
    now = int(datetime.now(UTC).timestamp())
    told = {
        "iss": info["client_email"],
        "aud": info["token_uri"],
        "scope": SCOPE,
        "iat": now,
        "exp": now + 3600,
    }
    signer = crypt.RSASigner.from_service_account_info(info)  # type: ignore[no-untyped-call]
    return jwt.encode(signer, {k: v for k, v in (told | claims).items() if v is not None}).decode()


def token(desk: Desk, **form: str) -> httpx.Response:
    return HTTP.post(f"{desk.running.url}/token", data=form)


def by_jwt(desk: Desk, assertion: str) -> httpx.Response:
    return token(
        desk, grant_type="urn:ietf:params:oauth:grant-type:jwt-bearer", assertion=assertion
    )


def summaries(desk: Desk, bearer: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
    return HTTP.get(f"{desk.running.url}/v1beta/accountSummaries", headers=headers)


def test_a_signed_assertion_gives_a_token(there: Desk) -> None:
    """What the account's own key has signed is exchanged for a token that works for an hour."""
    told = by_jwt(there, signed(key(there))).json()
    assert (told["expires_in"], told["token_type"]) == (3599, "Bearer")
    assert summaries(there, told["access_token"]).status_code == 200


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"aud": "https://elsewhere.example/token"}, "invalid_grant"),
        ({"iss": "nobody@agency-reports.iam.example"}, "invalid_grant"),
        ({"iat": 0, "exp": 3600}, "invalid_grant"),
        ({"exp": int(datetime(2040, 1, 1, tzinfo=UTC).timestamp())}, "invalid_grant"),
        ({"exp": None}, "invalid_grant"),
        ({"scope": None}, "invalid_scope"),
    ],
)
def test_a_wrong_assertion_gives_none(there: Desk, claims: dict[str, Any], error: str) -> None:
    """Another audience, a stranger, a time that is over or too long, nothing asked for."""
    answer = by_jwt(there, signed(key(there), **claims))
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json().keys() == {"error", "error_description"}


@pytest.mark.parametrize("assertion", ["", "a.b.c", "e30.e30.e30", "not a token"])
def test_what_is_no_assertion_gives_none(there: Desk, assertion: str) -> None:
    """Rubbish is refused as well, not stumbled over."""
    assert by_jwt(there, assertion).json()["error"] == "invalid_grant"


def test_only_the_right_key_signs(there: Desk) -> None:
    """One account's key does not sign for another."""
    forged = signed(key(there, "partner"), iss=key(there)["client_email"])
    told = by_jwt(there, forged).json()
    assert told == {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}


def test_a_clock_that_is_off_is_refused(desk: Desk) -> None:
    """The token endpoint's clock may be made to differ."""
    desk.control("skew", seconds=7200)
    assert "reasonable timeframe" in by_jwt(desk, signed(key(desk))).json()["error_description"]


def test_a_person_refreshes(desk: Desk) -> None:
    """An agreement gives tokens until it is withdrawn; the client has to be the right one."""
    told = desk.running.connection("anna")
    form = {name: str(told[name]) for name in ("client_id", "client_secret", "refresh_token")}
    answer = token(desk, grant_type="refresh_token", **form).json()
    assert answer["scope"] == SCOPE
    seen = summaries(desk, answer["access_token"]).json()["accountSummaries"]
    assert [p["property"] for s in seen for p in s["propertySummaries"]] == [f"properties/{BAKERY}"]
    assert (
        token(desk, grant_type="refresh_token", **form | {"client_secret": "x"}).status_code == 401
    )
    assert (
        token(desk, grant_type="refresh_token", **form | {"refresh_token": "x"}).json()["error"]
        == "invalid_grant"
    )
    assert token(desk, grant_type="password").json()["error"] == "unsupported_grant_type"
    desk.control("revoke", user="anna")
    assert token(desk, grant_type="refresh_token", **form).json()["error"] == "invalid_grant"
    assert summaries(desk, answer["access_token"]).status_code == 401


def test_a_deleted_key_is_refused(desk: Desk) -> None:
    """A service account that is revoked gets no token and its old ones are no good."""
    bearer = by_jwt(desk, signed(key(desk))).json()["access_token"]
    desk.control("revoke", user="syncer")
    assert by_jwt(desk, signed(key(desk))).json()["error"] == "invalid_grant"
    assert summaries(desk, bearer).status_code == 401


def test_no_token_and_an_old_one(desk: Desk) -> None:
    """Both are 401s, told apart by a detail; the header says what is wanted."""
    none = summaries(desk, "")
    assert (none.status_code, none.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert none.json()["error"]["details"][0]["reason"] == "CREDENTIALS_MISSING"
    bearer = by_jwt(desk, signed(key(desk))).json()["access_token"]
    desk.control("expire")
    old = summaries(desk, bearer)
    assert old.json()["error"]["details"][0]["reason"] == "ACCESS_TOKEN_EXPIRED"
    assert 'error="invalid_token"' in old.headers["www-authenticate"]


def test_a_token_dies_of_age(desk: Desk) -> None:
    """After its hour a token is no good any more."""
    bearer = by_jwt(desk, signed(key(desk))).json()["access_token"]
    desk.box.tokens.skew = timedelta(hours=1)
    assert summaries(desk, bearer).status_code == 401


def test_a_signature_may_stand_for_a_token(there: Desk) -> None:
    """As the vendor's own clients sign in: the assertion itself, for one API."""
    bearer = signed(key(there), aud="https://analyticsdata.googleapis.com/", scope=None)
    assert summaries(there, bearer).status_code == 200
    assert summaries(there, bearer[:-6] + "AAAAAA").status_code == 401


def test_scopes_and_switches(desk: Desk) -> None:
    """A token for something else, and an API that is off, are 403s that say which."""
    narrow = by_jwt(desk, signed(key(desk), scope="https://www.googleapis.com/auth/drive")).json()
    error = summaries(desk, narrow["access_token"]).json()["error"]
    assert (error["code"], error["details"][0]["reason"]) == (
        403,
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    )
    desk.control("services", admin=False)
    error = desk.send("GET", "/accountSummaries").json()["error"]
    detail = error["details"][0]
    assert (error["code"], error["status"], detail["reason"]) == (
        403,
        "PERMISSION_DENIED",
        "SERVICE_DISABLED",
    )
    assert detail["metadata"]["consumer"] == "projects/agency-reports"
    assert desk.number() > 0


@pytest.mark.parametrize("property", ["1", "G-ABC123", "UA-1-1"])
def test_an_unknown_property_is_not_permitted(there: Desk, property: str) -> None:
    """A wrong id, also a measurement id, looks like one that one has no role in."""
    status, word, text = there.refused_of(property)
    assert (status, word) == (403, "PERMISSION_DENIED")
    assert "sufficient permissions for this property" in text


def test_roles(desk: Desk) -> None:
    """Managers see their own clients, a partner neither; a role can be given and taken."""
    seen = {}
    for user in ("syncer", "maya", "anna", "ben", "partner", "limited"):
        found = Desk(desk.box, desk.running, user).send("GET", "/accountSummaries").json()
        seen[user] = {
            p["property"][11:]
            for s in found.get("accountSummaries", ())
            for p in s["propertySummaries"]
        }
    assert seen == {
        "syncer": {BAKERY, OUTDOOR, ELSEWHERE},
        "maya": {BAKERY, OUTDOOR},
        "anna": {BAKERY},
        "ben": {OUTDOOR},
        "partner": {ELSEWHERE},
        "limited": {BAKERY, OUTDOOR},
    }
    desk.control("role", user="syncer", property=BAKERY, role="none")
    assert desk.refused()[0] == 403
    desk.control("role", user="syncer", property=BAKERY, role="viewer")
    assert desk.number() > 0


def test_revenue_can_be_forbidden(there: Desk) -> None:
    """Without the right to revenue it reads 0 and is named; a filter by it fails."""
    limited = Desk(there.box, there.running, "limited")
    told = limited.report(of="sessions totalRevenue purchaseRevenue", since="2026-11-02")
    assert int(rows(told)[0][0]) > 0
    assert rows(told)[0][1:] == ("0", "0")
    assert told["metadata"]["schemaRestrictionResponse"]["activeMetricRestrictions"] == [
        {"metricName": name, "restrictedMetricTypes": ["REVENUE_DATA"]}
        for name in ("totalRevenue", "purchaseRevenue")
    ]
    more = only(
        "totalRevenue", "numericFilter", operation="GREATER_THAN", value={"int64Value": "0"}
    )
    assert limited.refused(metricFilter=more)[0] == 400
    metrics = limited.send("GET", f"/properties/{BAKERY}/metadata").json()["metrics"]
    blocked = {m["apiName"] for m in metrics if m.get("blockedReasons") == ["NO_REVENUE_METRICS"]}
    assert {"totalRevenue", "itemRevenue"} <= blocked
    assert "schemaRestrictionResponse" not in there.report(of="totalRevenue")["metadata"]


def test_properties_are_described(there: Desk) -> None:
    """A property has its zone, its currency, its account, and its key events."""
    told = there.send("GET", f"/properties/{BAKERY}").json()
    assert (told["displayName"], told["timeZone"], told["currencyCode"]) == (
        "Honey & Rye Bakery",
        "Europe/London",
        "EUR",
    )
    assert told["account"] == told["parent"]
    assert there.send("GET", f"/properties/{ELSEWHERE}").json()["currencyCode"] == "USD"
    events = there.send("GET", f"/properties/{BAKERY}/keyEvents").json()["keyEvents"]
    assert [e["eventName"] for e in events] == ["generate_lead", "sign_up", "purchase"]


def test_lists_come_in_pages(there: Desk) -> None:
    """A page at a time, until there is no token for another."""
    found: list[Any] = []
    more: dict[str, Any] = {}
    for _ in range(3):
        page = there.send("GET", "/accountSummaries", params={"pageSize": 1} | more).json()
        found += page["accountSummaries"]
        more = {"pageToken": page["nextPageToken"]} if "nextPageToken" in page else {}
    assert more == {}
    assert (
        found
        == there.send("GET", "/accountSummaries", params={"pageSize": 999}).json()[
            "accountSummaries"
        ]
    )
    for wrong in ({"pageSize": "x"}, {"pageSize": -1}, {"pageToken": "x"}):
        assert there.send("GET", "/accountSummaries", params=wrong).status_code == 400


def test_nothing_secret_is_in_the_log(desk: Desk) -> None:
    """Neither keys nor tokens nor assertions show in what the stand-in keeps."""
    assertion = signed(key(desk))
    bearer = by_jwt(desk, assertion).json()["access_token"]
    summaries(desk, bearer)
    hidden = desk.box.secret_values()
    assert {assertion, bearer, desk.box.users["anna"].token} <= set(hidden)
    told = json.dumps(desk.running.requests) + json.dumps(desk.box.state())
    assert not [secret for secret in hidden if secret in told]
