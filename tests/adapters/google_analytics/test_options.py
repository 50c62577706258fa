"""What people write about a connection and a client, and what they are told of mistakes."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.google_analytics import ADAPTER
from adapters.google_analytics.sandbox import accounts
from syncer.adapterkit.contract import Opening
from syncer.adapterkit.errors import StopConnection

KEY: dict[str, Any] = json.loads(
    accounts.key_file(accounts.users()["syncer"], "https://oauth2.googleapis.com/token")
)
USER = {"client_id": "1.apps.example", "client_secret": "GOCSPX-xyz-1", "refresh_token": "1//0abc"}


def complaints(**options: Any) -> str:
    """Everything that is said about options."""
    with pytest.raises(ValidationError) as caught:
        ADAPTER.options(**options)
    return str(caught.value)


def test_a_key_or_a_user_is_enough() -> None:
    """Either kind opens, without a request."""
    for options in ({"credentials": json.dumps(KEY)}, USER):
        ADAPTER.open(Opening("analytics", ADAPTER.options(**options))).close()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nsecretsecret\n"}, "private key"),
        ({"private_key": None}, 'lacks "private_key"'),
        ({"client_email": ""}, 'lacks "client_email"'),
        ({"token_uri": 5}, 'lacks "token_uri"'),
        ({"type": "authorized_user"}, 'no "type": "service_account"'),
    ],
)
def test_a_broken_key_is_named_and_not_shown(changed: dict[str, Any], told: str) -> None:
    """What is wrong with it and how to come by another; nothing of the key itself."""
    text = complaints(credentials=json.dumps(KEY | changed))

    assert told in text
    assert "make a new JSON key" in text
    for secret in (KEY["private_key"][40:80], KEY["private_key_id"], "secretsecret"):
        assert secret not in text


@pytest.mark.parametrize("text", ["{", "[]", "12", "secret-of-mine", "[" * 100_000])
def test_what_is_no_key_at_all(text: str) -> None:
    """A path, half a file or a token instead of the JSON."""
    told = complaints(credentials=text)

    assert "the key of a service account is a JSON" in told
    assert "secret-of-mine" not in told


def test_one_kind_and_one_only() -> None:
    """Both, neither or half of one: each is told what is missing or too much."""
    assert "name credentials, or client_id, client_secret, refresh_token" in complaints()
    assert "add client_secret" in complaints(client_id="1", refresh_token="1//0abc")
    both = complaints(credentials=json.dumps(KEY), **USER)
    assert "client_id as well; name one kind only" in both
    assert "1//0abc" not in both


def test_a_token_address_that_is_none_stops_the_connection() -> None:
    """A key is sent to https only, or to this very machine."""
    for url in ("http://tokens.example/", "https://[", "nowhere", "https://a.example/?x=1"):
        options = ADAPTER.options.model_validate(
            {"credentials": json.dumps(KEY | {"token_uri": url})}
        )
        with pytest.raises(StopConnection):
            ADAPTER.open(Opening("analytics", options))


@pytest.mark.parametrize(
    ("id", "told"),
    [
        ("G-ABC123", "measurement id"),
        ("UA-1234-5", "measurement id"),
        ("www.x.example", "no property id"),
        ("", "no property id"),
        ("1" * 30, "at most 20"),
    ],
)
def test_a_measurement_id_is_no_property(id: str, told: str) -> None:
    """Whoever copied the id of the tag is told what it is and where the other one stands."""
    with pytest.raises(ValidationError, match=told) as caught:
        ADAPTER.scope.model_validate({"property": id})
    assert "Property details" in str(caught.value) or "at most" in told


def test_a_filter_word_that_there_is_not() -> None:
    """A misspelt word, an empty list or an empty text is an error and no filter less."""
    wrong: list[dict[str, Any]] = [{"campain": "x"}, {"campaign": []}, {"host": ""}, {"host": [""]}]
    for filters in wrong:
        with pytest.raises(ValidationError):
            ADAPTER.scope.model_validate({"property": "1", "filters": filters})
        with pytest.raises(ValidationError):
            ADAPTER.scope.model_validate({"property": "1", "projects": {"Relaunch": filters}})


@pytest.mark.parametrize("reserve", [-0.1, 1, 7])
def test_a_reserve_is_a_share(reserve: float) -> None:
    """All of a quota, or less than nothing, cannot be kept for others."""
    assert "reserve" in complaints(**USER, reserve=reserve)
