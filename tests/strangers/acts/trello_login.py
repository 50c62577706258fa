"""How py-trello reaches the sandbox, in both of its ways to say who is calling."""

import time
from collections import deque
from typing import Any

import requests
from trello import TrelloClient

VENDOR = "https://api.trello.com/1"

BY_QUERY = ("Tom", "Anna")
"""Their credentials travel in the query; everybody else's in a signed OAuth header."""


PACE = 95
"""Requests in ten seconds: py-trello does not wait by itself, and Trello takes 100."""

TOGETHER = 200
"""The same for all of them: an API key has 300, and the service uses the same key."""

_all: deque[float] = deque()


class _Line(requests.Session):
    """py-trello has its host written into it: what is meant for it goes to the sandbox."""

    def __init__(self, api: str) -> None:
        super().__init__()
        self.api = api
        self.pace = PACE
        self._sent: deque[float] = deque()

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        """Send to the sandbox what would go to Trello, when there is room for it."""
        # A batch counts as the requests in it.
        cost = len(str((more.get("params") or {}).get("urls", "")).split(","))
        lanes = [(self._sent, self.pace)] + [(_all, TOGETHER)] * (self.pace <= PACE)
        for sent, most in lanes:
            while len(sent) + cost > most:
                time.sleep(max(0.0, sent.popleft() + 10.0 - time.monotonic()))
        for sent in (self._sent, _all):
            sent.extend([time.monotonic()] * cost)
        return super().request(method, url.replace(VENDOR, self.api), *args, timeout=30, **more)


def login(api: str, user: dict[str, Any]) -> TrelloClient:
    """A client that acts as this user."""
    line = _Line(api)
    if user["full_name"].startswith(BY_QUERY):
        return TrelloClient(api_key=user["key"], api_secret=user["token"], http_service=line)
    return TrelloClient(
        api_key=user["key"],
        api_secret="none needed",
        token=user["token"],
        token_secret="none needed",
        http_service=line,
    )
