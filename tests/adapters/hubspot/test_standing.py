"""What account a HubSpot key is of, and what is left of the day's requests."""

import pytest

from syncer.adapterkit.standing import Wants
from tests.adapters.hubspot.bench import Bench


def test_the_days_requests_are_those_of_the_account(b: Bench) -> None:
    """Two requests; what is left is less after each, until midnight."""
    before = len(b.running.requests)
    first = b.adapter.standing(Wants())
    second = b.adapter.standing(Wants())

    assert 4 == len(b.running.requests) - before
    assert "a key of the account, nobody's own (developer test; Europe/London, EUR)" == (
        first.account
    )
    (one,), (two,) = first.quotas, second.quotas
    assert ("requests a day of all keys", 250_000) == (one.what, one.of)
    assert one.left - two.left == 2
    assert one.until is not None
    assert (0, 0) == (one.until.hour, one.until.minute)


@pytest.mark.parametrize("status", [403, 404])
def test_a_key_that_may_not_ask_is_no_fault(b: Bench, status: int) -> None:
    """The account is told without its usage."""
    b.running.fault({"status": status}, path="api-usage")

    told = b.adapter.standing(Wants())

    assert ((), True) == (told.quotas, told.account.startswith("a key of the account"))


def test_nothing_is_lacking_and_nothing_copied(b: Bench) -> None:
    """Keys have no seats, every plan has properties, and there are no templates."""
    assert [] == b.adapter.lacks(b.scope, b.catalogue, Wants())
    assert "from a template" in b.adapter.template("deal", "Master", b.catalogue)
