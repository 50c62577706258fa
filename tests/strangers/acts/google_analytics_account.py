"""Accounts, properties and key events by Google's own client of the Admin API."""

from typing import Any

from google.analytics.admin_v1beta import types as ga
from google.api_core import exceptions


def tree(crew: Any, who: str, expected: dict[str, str]) -> None:
    """Every property that one may see, account by account, over pages of one."""
    api = crew[who].admin
    pager = api.list_account_summaries(request=ga.ListAccountSummariesRequest(page_size=1))
    found, accounts = {}, 0
    for account in pager:
        accounts += 1
        for one in account.property_summaries:
            crew.same("its parent", account.account, one.parent)
            crew.same("its type", ga.PropertyType.PROPERTY_TYPE_ORDINARY, one.property_type)
            found[one.property] = one.display_name
    crew.same("what one may see", expected, found)
    crew.so("over several pages", accounts == len(expected) > 1)


def described(crew: Any, who: str, property: str) -> None:
    """A property with its zone, currency and times, and its key events."""
    told = crew[who].admin.get_property(name=f"properties/{property}")
    crew.same("its days", "Europe/London", told.time_zone)
    crew.same("its money", "EUR", told.currency_code)
    crew.same("its level", ga.ServiceLevel.GOOGLE_ANALYTICS_STANDARD, told.service_level)
    crew.same("its business", ga.IndustryCategory.SHOPPING, told.industry_category)
    crew.so("it is some years old", told.create_time.year < 2025)
    events = list(crew[who].admin.list_key_events(parent=f"properties/{property}"))
    names = [one.event_name for one in events]
    crew.same("its key events", ["generate_lead", "sign_up", "purchase"], names)
    once = ga.KeyEvent.CountingMethod.ONCE_PER_EVENT
    crew.same("each counts", {once}, {one.counting_method for one in events})
    crew.so("of this property", all(one.name.startswith(told.name + "/") for one in events))


def closed(crew: Any, who: str, property: str) -> None:
    """Somebody else's property, and an API that is off."""
    look = lambda: crew[who].admin.get_property(name=f"properties/{property}", retry=None)  # noqa: E731
    error = crew.refused("somebody else's", exceptions.Forbidden, look)
    crew.so("in the vendor's words", "sufficient permissions" in error.message)


def off(crew: Any, who: str) -> None:
    """The Admin API is not switched on, which reports do not tell."""
    look = lambda: crew[who].admin.list_account_summaries(retry=None)  # noqa: E731
    error = crew.refused("an API that is off", exceptions.Forbidden, look)
    crew.same("which is said", "SERVICE_DISABLED", error.reason)
    crew.same("and for whom", "projects/agency-reports", error.metadata["consumer"])
