"""What the vendor refuses: whose fault it is, what a person can do, and what is not repeated."""

import json
from typing import Any

import pytest

from syncer.adapterkit.errors import AskPerson, SkipRecord, WaitAndRetry
from syncer.adapterkit.measuring import Unanswered
from syncer.model.measures import Answer, Ask
from tests.adapters.google_analytics.bench import BAKERY, Bench, ask

BAD: dict[str, Any] = {"dimensions": ("campaignName",), "report": "bad"}


def outcome(found: list[Answer | Unanswered]) -> dict[str, type]:
    """Which report was answered and which was not."""
    return {each.ask.report: type(each) for each in found}


def test_a_bad_report_does_not_spoil_the_others(b: Bench) -> None:
    """It fails its whole call; then each is asked alone, and it is named with the reason."""
    asks = [ask(report="one"), ask("eventCount", **BAD), ask(report="two")]
    found = list(b.adapter.ask(asks))

    assert outcome(found) == {"one": Answer, "bad": Unanswered, "two": Answer}
    [bad] = [each for each in found if isinstance(each, Unanswered)]
    assert isinstance(bad.error, SkipRecord)
    assert "the report bad is refused" in str(bad.error)
    assert "Please remove eventCount" in str(bad.error)


def test_a_bad_report_is_kept_apart_from_then_on(b: Bench) -> None:
    """Asked again it goes alone, so that the others' call is not spoilt again."""
    asks = [ask(report="one"), ask("eventCount", **BAD), ask(report="two")]
    list(b.adapter.ask(asks))
    b.bodies.clear()
    assert outcome(list(b.adapter.ask(asks))) == {"one": Answer, "two": Answer, "bad": Unanswered}

    assert len(b.sent(":batchRunReports")) == 1
    assert len(b.sent(":runReport")) == 1


def test_no_request_that_was_refused_is_sent_again(b: Bench) -> None:
    """Refusals have a quota too: of one ask, each request goes out once."""
    list(b.adapter.ask([ask(report="one"), ask("eventCount", **BAD), ask("nonsense", report="x")]))
    refused = [r["path"] for r in b.running.requests if r["status"] == 400]
    sent = [json.dumps(body, sort_keys=True) for _, body in b.bodies]

    assert len(sent) == len(set(sent))
    assert len(refused) == 4, "the batch, two reports, and one question about compatibility"


def test_a_metric_that_there_is_not(b: Bench) -> None:
    """The vendor says which; nothing else is asked about it."""
    refused = b.refusal(ask("sesions"))

    assert "sesions" in str(refused.error)
    assert b.count(":checkCompatibility") == 0


def test_misfits_are_named_before_anything_is_asked(b: Bench) -> None:
    """For `check --live`: nothing where all is well."""
    assert b.adapter.misfits(ask("sessions", "keyEvents")) == []
    [why] = b.adapter.misfits(ask("eventCount", **BAD))
    assert "eventCount" in why
    assert b.count(":runReport") == 0


def test_what_does_not_go_with_the_rest_is_named(b: Bench) -> None:
    """Where the vendor answers instead of refusing, of all that it lists only what was asked."""
    body = {
        "dimensionCompatibilities": [
            {"dimensionMetadata": {"apiName": "itemName"}, "compatibility": "INCOMPATIBLE"},
            {"dimensionMetadata": {"apiName": "date"}, "compatibility": "COMPATIBLE"},
        ],
        "metricCompatibilities": [
            {"metricMetadata": {"apiName": "sessions"}, "compatibility": "INCOMPATIBLE"}
        ],
    }
    b.running.fault({"status": 200, "body": json.dumps(body)}, path=":checkCompatibility")

    assert b.adapter.misfits(ask("sessions")) == ["the metric sessions does not go with the others"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (ask("sessions", dimensions=tuple(f"d{n}" for n in range(9))), "more than 8 dimensions"),
        (Ask("r", ask().slice, (), ask().since, ask().until), "no metrics"),
        (ask("sessions", days=(ask().until, ask().since)), "before it begins"),
    ],
)
def test_what_no_request_can_ask(b: Bench, wrong: Ask, why: str) -> None:
    """It is said without a request, and the others are answered."""
    found = list(b.adapter.ask([wrong, ask(report="good")]))

    assert [type(each) for each in found] == [Unanswered, Answer]
    assert isinstance(found[0], Unanswered)
    assert why in str(found[0].error)
    assert why in "; ".join(b.adapter.misfits(wrong))


def test_a_property_that_may_not_be_read(b: Bench) -> None:
    """Nobody can tell which of two causes it is: both are said, with whom to add."""
    b.control("role", user="syncer", property=BAKERY, role="none")
    adapter = b.opened("syncer")
    for call in (lambda: list(adapter.ask([ask()])), lambda: adapter.describe(BAKERY)):
        with pytest.raises(AskPerson) as caught:
            call()
        text = str(caught.value)
        assert "syncer@agency-reports.iam.example is no user of it (add it as Viewer" in text
        assert f"{BAKERY} is no property id" in text
    assert b.count(":runReport") == 1


def test_a_property_that_there_is_not(b: Bench) -> None:
    """The same answer, for reports and for the description; a user is named as one."""
    with pytest.raises(AskPerson, match="999 is no property id"):
        list(b.adapter.ask([ask(property="999")]))
    with pytest.raises(AskPerson, match="the user of the refresh token is no user of it"):
        b.adapter.describe("999")
    b.running.fault({"status": 404}, path=f"/{BAKERY}$")
    with pytest.raises(AskPerson, match="there is no property"):
        b.adapter.describe(BAKERY)


def test_an_api_that_is_switched_off(b: Bench) -> None:
    """Which one, in which Cloud project, and where the switch is."""
    b.control("services", data=False)
    assert b.adapter.properties(), "the other one is on"
    with pytest.raises(AskPerson, match=r"analyticsdata\S* is off; switch it on.*two switches"):
        list(b.adapter.ask([ask()]))
    b.control("services", admin=False)
    with pytest.raises(AskPerson, match=r"project agency-reports, analyticsadmin\S* is off"):
        b.adapter.properties()


@pytest.mark.parametrize(
    "error",
    [
        {"details": [{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]},
        {"message": "Request had insufficient authentication scopes."},
        {"errors": [{"reason": "insufficientPermissions"}]},
    ],
)
def test_a_token_of_too_narrow_a_scope(b: Bench, error: Any) -> None:
    """The scope that is missing is named."""
    body = json.dumps({"error": {"code": 403, "status": "PERMISSION_DENIED", **error}})
    b.running.fault({"status": 403, "body": body}, path=":runReport")
    with pytest.raises(AskPerson, match=r"analytics\.readonly"):
        list(b.adapter.ask([ask()]))


def test_the_admin_apis_own_limit(b: Bench) -> None:
    """A 403 that means too fast is waited out, not taken for a missing right."""
    error = {"code": 403, "errors": [{"reason": "rateLimitExceeded"}]}
    b.running.fault({"status": 403, "body": json.dumps({"error": error})}, path="/accountSummaries")
    with pytest.raises(WaitAndRetry) as caught:
        b.adapter.properties()
    assert caught.value.seconds == 60
