"""Quotas run out as the vendor's do, and answers say how good their figures are."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.adapters.google_analytics.sandbox.desk import BAKERY, OUTDOOR, Desk, rows, wish


def quota(desk: Desk, **more: str) -> dict[str, dict[str, int]]:
    """What a report says of the quota after it."""
    told: dict[str, dict[str, int]] = desk.report(returnPropertyQuota=True, **more)["propertyQuota"]
    return told


def test_a_report_is_charged_to_all_three(desk: Desk) -> None:
    """One number of tokens goes off the day, the hour and the project's hour."""
    first, second = quota(desk), quota(desk)
    for name, limit in (
        ("tokensPerDay", 200_000),
        ("tokensPerHour", 40_000),
        ("tokensPerProjectPerHour", 14_000),
    ):
        assert 0 < first[name]["consumed"] < 10
        assert first[name]["remaining"] == limit - first[name]["consumed"]
        assert second[name]["remaining"] == first[name]["remaining"] - second[name]["consumed"]
    assert first["concurrentRequests"] == {"remaining": 10}
    assert "propertyQuota" not in desk.report()


def test_long_and_wide_reports_cost_more(desk: Desk) -> None:
    """Rows, columns and days make a report dear; members of a batch are charged one by one."""
    cheap = quota(desk)["tokensPerDay"]["consumed"]
    dear = quota(
        desk, by="date landingPage sessionSourceMedium", since="2026-01-01", until="2026-11-01"
    )
    assert dear["tokensPerDay"]["consumed"] > 5 * cheap
    left = quota(desk)["tokensPerDay"]["remaining"]
    asked = [wish(returnPropertyQuota=True)] * 5
    reports = desk.ask("batchRunReports", {"requests": asked})["reports"]
    assert reports[-1]["propertyQuota"]["tokensPerDay"]["remaining"] == left - 5 * cheap


def test_each_property_has_its_own(desk: Desk) -> None:
    """Reports of one client do not use up another's tokens; another project uses the same day."""
    quota(desk)
    assert (
        desk.report(property=OUTDOOR, returnPropertyQuota=True)["propertyQuota"]["tokensPerDay"][
            "remaining"
        ]
        > 199_990
    )
    desk.control("role", user="partner", property=BAKERY, role="viewer")
    other = quota(Desk(desk.box, desk.running, "partner"))
    day, own = (other[name] for name in ("tokensPerDay", "tokensPerProjectPerHour"))
    assert day["remaining"] < 200_000 - day["consumed"]
    assert own["remaining"] == 14_000 - own["consumed"]


@pytest.mark.parametrize(
    ("name", "words", "hours"),
    [
        ("tokensPerProjectPerHour", "for a project per hour", 1),
        ("tokensPerHour", "for a property per hour", 1),
        ("tokensPerDay", "per day", 20),
    ],
)
def test_tokens_run_out_and_come_back(desk: Desk, name: str, words: str, hours: int) -> None:
    """The last report may go over; then each is a 429 that says which quota, until it is over."""
    desk.control("quota", property=BAKERY, limits={name: 1})
    assert quota(desk)[name].get("remaining", 0) == 0
    status, word, text = desk.refused()
    assert (status, word) == (429, "RESOURCE_EXHAUSTED")
    assert words in text
    assert "retry-after" not in desk.send("POST", f"/properties/{BAKERY}:runReport", wish()).headers
    desk.control("clock", hours=hours)
    assert desk.number() > 0


def test_too_many_wrong_requests_lock_one_out(desk: Desk) -> None:
    """Errors of one's own making have a quota, too; it is back after a quarter of an hour."""
    desk.control("quota", property=BAKERY, limits={"clientErrorsPerProject": 3})
    for _ in range(3):
        assert desk.refused(of="nothing")[0] == 400
    status, _, text = desk.refused()
    assert (status, "client errors" in text) == (429, True)
    desk.control("clock", hours=0.25)
    assert desk.number() > 0


def test_ten_server_errors_lock_one_out(desk: Desk) -> None:
    """Each failure of the vendor's counts against the client, for an hour."""
    desk.running.fault({"status": 503}, times=10, path="runReport")
    for _ in range(10):
        assert desk.refused()[:2] == (503, "UNAVAILABLE")
    assert "server errors" in desk.refused()[2]
    desk.control("clock", hours=1)
    assert desk.number() > 0


def test_demographics_are_thresholded(desk: Desk) -> None:
    """Small groups are withheld, the answer says so, and such reports have a quota."""
    desk.control("quota", property=BAKERY, limits={"potentiallyThresholdedRequestsPerHour": 1})
    told = desk.report(by="userAgeBracket country", of="activeUsers")
    assert told["metadata"]["subjectToThresholding"] is True
    assert min(int(row[2]) for row in rows(told)) >= 10
    assert "potentially thresholded" in desk.refused(by="userGender")[2]
    assert desk.number() > 0


def test_requests_at_once_are_counted(desk: Desk) -> None:
    """One more than may run at once is a 429 that names this; a batch takes five places."""
    desk.control("quota", property=BAKERY, limits={"concurrentRequests": 4})
    begun = threading.Event()
    go = threading.Event()

    def wait() -> None:
        begun.set()
        go.wait(20)

    desk.running.at("before", wait, path="runReport")
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(desk.number)
        assert begun.wait(20)
        batch = desk.send(
            "POST", f"/properties/{BAKERY}:batchRunReports", {"requests": [wish()] * 4}
        )
        go.set()
        assert slow.result() > 0
    assert batch.status_code == 429
    assert "concurrent requests" in batch.json()["error"]["message"]


def test_flags_are_put_on_on_demand(desk: Desk) -> None:
    """Sampling, thresholds, a row of others, truncation, and why there is nothing."""
    cut = {
        "dataTruncationType": "DATA_TRUNCATION_TYPE_PROPERTY",
        "dataTruncationDate": "2025-09-20",
    }
    desk.control("flags", property=BAKERY, sampled=0.25, thresholded=True, other=3, truncated=[cut])
    told = desk.report(by="landingPage date", since="2026-11-02", until="2026-11-03")
    meta = told["metadata"]
    [sample] = meta["samplingMetadatas"]
    assert 4 * int(sample["samplesReadCount"]) == pytest.approx(
        int(sample["samplingSpaceSize"]), abs=4
    )
    assert (meta["subjectToThresholding"], meta["dataLossFromOtherRow"]) == (True, True)
    assert meta["dataTruncationReasons"] == [cut]
    others = [row for row in rows(told) if row[0] == "(other)"]
    assert {row[1] for row in others} == {"20261102", "20261103"}
    assert told["rowCount"] == 5
    assert sum(int(row[2]) for row in rows(told)) == desk.number(
        since="2026-11-02", until="2026-11-03"
    )
    desk.control("flags", property=BAKERY, empty="NO_DATA")
    none = desk.report(by="date")
    assert (none["metadata"]["emptyReason"], "rows" in none) == ("NO_DATA", False)
    desk.control("flags", property=BAKERY)
    assert desk.report()["metadata"] == {"currencyCode": "EUR", "timeZone": "Europe/London"}


def test_a_picture_holds_what_was_set(desk: Desk) -> None:
    """Quotas and altered days are part of what is remembered and given back."""
    desk.control("picture", name="before")
    before = desk.number()
    desk.control("figures", property=BAKERY, date="2026-11-19", scale=2)
    desk.control("quota", property=BAKERY, limits={"tokensPerDay": 1})
    desk.control("restore", name="before")
    assert [desk.number(), desk.number()] == [before, before]
