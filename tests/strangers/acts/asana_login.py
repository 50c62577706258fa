"""How Asana's own client reaches the sandbox."""

from typing import Any

import asana
from urllib3.util.retry import Retry


def login(api: str, user: dict[str, Any]) -> asana.ApiClient:
    """A client that acts as this user. It repeats nothing by itself: refusals are looked at."""
    configuration = asana.Configuration()
    configuration.host = api
    configuration.access_token = user["token"]
    configuration.retry_strategy = Retry(0)
    return asana.ApiClient(configuration)
