"""How Google's own clients reach the sandbox: over REST, with its own library signing in."""

import json
from dataclasses import dataclass
from typing import Any

from google.analytics.admin_v1beta import AnalyticsAdminServiceClient
from google.analytics.admin_v1beta.services.analytics_admin_service.transports import (
    AnalyticsAdminServiceRestTransport,
)
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataRestTransport,
)
from google.oauth2 import credentials, service_account

SCOPES = ["https://www.googleapis.com/auth/analytics.readonly"]


@dataclass
class _Google:
    """The clients of both APIs, signed in as one user."""

    data: BetaAnalyticsDataClient
    admin: AnalyticsAdminServiceClient


def login(api: str, user: dict[str, Any]) -> _Google:
    """Clients that act as this user: a service account with its key, or somebody who agreed.

    ``signs``: what the key signs is sent instead of a token, as the clients do by default.
    """
    more = {
        "host": api.removeprefix("http://").removesuffix("/v1beta"),
        "url_scheme": "http",
        "credentials": _credentials(user),
        "always_use_jwt_access": bool(user.get("signs")),
    }
    return _Google(
        BetaAnalyticsDataClient(transport=BetaAnalyticsDataRestTransport(**more)),
        AnalyticsAdminServiceClient(transport=AnalyticsAdminServiceRestTransport(**more)),
    )


def _credentials(user: dict[str, Any]) -> Any:
    if "credentials" in user:
        info = json.loads(user["credentials"]) | user.get("changed", {})
        scopes = user.get("scopes", SCOPES)
        return service_account.Credentials.from_service_account_info(info, scopes=scopes)
    return credentials.Credentials(
        None,
        refresh_token=user["refresh_token"],
        token_uri=user["token_url"],
        client_id=user["client_id"],
        client_secret=user["client_secret"],
        scopes=SCOPES,
    )
