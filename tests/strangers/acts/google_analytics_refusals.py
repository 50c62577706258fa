"""What Google's own client makes of being refused: each error is the class it should be."""

from typing import Any

from google.analytics.data_v1beta import types as ga
from google.api_core import exceptions
from google.auth.exceptions import RefreshError


def _wish(property: str, by: str = "", of: str = "sessions", **more: Any) -> ga.RunReportRequest:
    return ga.RunReportRequest(
        property=f"properties/{property}",
        dimensions=[ga.Dimension(name=name) for name in by.split()],
        metrics=[ga.Metric(name=name) for name in of.split()],
        date_ranges=[ga.DateRange(start_date="yesterday", end_date="yesterday")],
        **more,
    )


def wrong(crew: Any, who: str, property: str) -> None:
    """Requests that are wrong whenever they are sent."""
    tries = {
        "Did you mean sessions?": _wish(property, of="sesions"),
        "Field weather is not a valid dimension": _wish(property, by="weather"),
        "Please remove sessions": _wish(property, by="campaignName"),
        "limited to 10 metrics": _wish(property, of=" ".join(f"m{n}" for n in range(11))),
        "limit must be positive": _wish(property, limit=-1),
        "Invalid currency": _wish(property, currency_code="ABC"),
    }
    for words, request in tries.items():
        ask = lambda request=request: crew[who].data.run_report(request, retry=None)  # noqa: E731
        error = crew.refused(words, exceptions.BadRequest, ask)
        crew.so(f"{words}: says so", words in error.message)
    bad = ga.BatchRunReportsRequest(
        property=f"properties/{property}", requests=[_wish(property), _wish(property, of="x")]
    )
    whole = lambda: crew[who].data.batch_run_reports(bad, retry=None)  # noqa: E731
    crew.refused("one bad member", exceptions.BadRequest, whole)
    pair = ga.CheckCompatibilityRequest(
        property=f"properties/{property}",
        dimensions=[ga.Dimension(name="campaignName")],
        metrics=[ga.Metric(name="sessions")],
    )
    check = lambda: crew[who].data.check_compatibility(pair, retry=None)  # noqa: E731
    error = crew.refused("what cannot be asked", exceptions.BadRequest, check)
    crew.so("the culprit is named", "Please remove sessions" in error.message)


def forbidden(crew: Any, who: str, property: str) -> None:
    """Somebody else's property, one there is not, and another scope."""
    for id in (property, "1", "G-12345"):
        ask = lambda id=id: crew[who].data.run_report(_wish(id), retry=None)  # noqa: E731
        error = crew.refused(f"property {id}", exceptions.Forbidden, ask)
        crew.so("in the vendor's words", "sufficient permissions" in error.message)
    user = crew.stand["users"][who]
    narrow = crew.log_in(**user, scopes=["https://www.googleapis.com/auth/drive.readonly"])
    ask = lambda: narrow.data.run_report(_wish(property), retry=None)  # noqa: E731
    error = crew.refused("another scope", exceptions.Forbidden, ask)
    crew.same("which is said", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", error.reason)


def sign_in(crew: Any, who: str, other: str, property: str) -> None:
    """Keys that are not the account's, agreements that are none; and a signature for a token."""
    mine, theirs = (crew.stand["users"][name] for name in (who, other))
    forged = crew.log_in(**mine, changed={"client_email": theirs["email"]})
    ask = lambda: forged.data.run_report(_wish(property), retry=None)  # noqa: E731
    error = crew.refused("another's name", RefreshError, ask)
    crew.so("by its signature", "Invalid JWT Signature" in str(error))
    signing = crew.log_in(**mine, signs=True)
    told = signing.data.run_report(_wish(property), retry=None)
    crew.same("a signature stands for a token", 1, told.row_count)


def withdrawn(crew: Any, who: str, property: str) -> None:
    """An agreement that was never given."""
    user = crew.stand["users"][who]
    gone = crew.log_in(**{**user, "refresh_token": "1//none"})
    ask = lambda: gone.data.run_report(_wish(property), retry=None)  # noqa: E731
    error = crew.refused("no agreement", RefreshError, ask)
    crew.so("it is over", "invalid_grant" in str(error))


def exhausted(crew: Any, who: str, property: str, words: str) -> None:
    """Nothing is left of a quota; the text says of which."""
    ask = lambda: crew[who].data.run_report(_wish(property), retry=None)  # noqa: E731
    error = crew.refused("no tokens", exceptions.TooManyRequests, ask)
    crew.so(f"{words}: says so", words in error.message)


def broken(crew: Any, who: str, property: str) -> None:
    """The vendor's own failures, in the order in which they were put there."""
    ask = lambda: crew[who].data.run_report(_wish(property), retry=None)  # noqa: E731
    crew.refused("an error of theirs", exceptions.InternalServerError, ask)
    crew.refused("not there", exceptions.ServiceUnavailable, ask)
    crew.same("and back", 1, ask().row_count)
