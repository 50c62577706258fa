"""Secrets never show, in whatever form they come back."""

import json
import time
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.adapterkit.redact import Redactor, censor, clean, know

SECRET = "pat-eu1/ab+c=12 34é&x"


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
        json.dumps(SECRET),
        repr(SECRET.encode()),
        quote(quote(SECRET, safe=""), safe=""),
    ],
)
def test_every_form_is_covered(form: str) -> None:
    """As it is, percent-encoded in either case, twice encoded, in JSON, as bytes."""
    text = Redactor([SECRET])(f"cannot read {form}!")
    assert "ab" not in text
    assert "1234" not in text.replace(" ", "")
    assert text.startswith("cannot read ")


@given(
    secret=st.text(min_size=6, max_size=40), before=st.text(max_size=60), after=st.text(max_size=60)
)
def test_no_secret_is_left(secret: str, before: str, after: str) -> None:
    """Whatever surrounds it, a secret is not in the redacted text."""
    hide = Redactor([secret])
    if secret.casefold() in "[secret]?[query]…":
        return
    assert secret not in hide.short(before + secret + after, 500).replace("[secret]", "")


def test_a_shorter_secret_does_not_save_a_longer_one() -> None:
    """Where one secret begins another, the longer is covered whole."""
    assert Redactor(["abc", "abcdef", ""])("x abcdef y abc") == "x [secret] y [secret]"


def test_signed_urls_lose_their_query() -> None:
    """A signed URL is a secret: only where it points to is left."""
    text = Redactor()("see https://files.example/a.png?X-Sig=123&e=4 and HTTP://b.example/?q")
    assert text == "see https://files.example/a.png?[query] and HTTP://b.example/?[query]"


def test_unknown_credentials_are_covered_too() -> None:
    """What looks like a credential is covered although nobody told of it."""
    text = Redactor()("token=abc123&limit=5 Authorization: Bearer abcdefgh12345")
    assert text == "token=[secret]&limit=5 Authorization: Bearer [secret]"


def test_short_texts_are_redacted_before_they_are_cut() -> None:
    """A secret that a cut would have split does not show its first half."""
    assert Redactor(["0123456789"]).short("x" * 75 + "0123456789", 80) == "x" * 75 + "[sec…"


def test_a_whole_page_is_shortened_quickly() -> None:
    """Of a page of many megabytes only the start is looked at, and no secret at the cut shows."""
    hide = Redactor(["0123456789abcdef" * 8])
    page = "x" * 19_950 + "0123456789abcdef" * 8 + "y" * 5_000_000
    started = time.monotonic()
    short = hide.short(page, 30_000)
    assert time.monotonic() - started < 0.5
    assert "0123" not in short
    assert set(short) == {"x"}


def test_log_events_are_censored() -> None:
    """A secret that any client was made with is in no field of any event, at any depth."""
    know(["s3cr3t-value"])
    error = ValueError("bad s3cr3t-value")
    event = {"event": "x", "a": ["s3cr3t-value", {"k": ("s3cr3t-value",)}], "e": error, "n": 5}
    cleaned = censor(None, "info", event)
    assert "s3cr3t-value" not in str(cleaned)
    assert cleaned["n"] == 5
    assert clean(None) is None
    assert "s3cr3t" not in repr(Redactor(["s3cr3t-value"]))


def test_a_signed_token_is_hidden_without_being_known() -> None:
    """What is signed for one request only is a secret too, wherever it is cut off."""
    token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhQGIuYyJ9.c2lnbmF0dXJl-_x"
    assert Redactor()(f"cannot accept {token}, sorry") == "cannot accept [secret], sorry"
    assert Redactor()(f"cannot accept {token[:40]}…") == "cannot accept [secret]…"
    assert Redactor()("assertion=abc&scope=x") == "assertion=[secret]&scope=x"
    assert Redactor()("eyJ is how such a thing begins") == "eyJ is how such a thing begins"


def test_what_has_run_out_is_forgotten() -> None:
    """A token an hour does not make the list of secrets longer and longer."""
    know(["first-token-of-the-day"])
    assert clean("first-token-of-the-day") == "[secret]"
    know(["second-token-of-the-day"], past=["first-token-of-the-day"])
    assert clean("first-token-of-the-day second-token-of-the-day") == (
        "first-token-of-the-day [secret]"
    )
