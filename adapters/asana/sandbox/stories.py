"""Routes that read stories (comments and history), and for the event streams."""

import hashlib
from typing import Any, Final

from starlette.responses import Response

from adapters.asana.sandbox.access import check, of_path
from adapters.asana.sandbox.api import Api, Table, refuse
from adapters.asana.sandbox.errors import error
from adapters.asana.sandbox.select import Wanted
from adapters.asana.sandbox.store import Happening, Thing
from adapters.asana.sandbox.views import pick
from syncer.adapterkit.answer import parse_json
from syncer.adapterkit.sandbox import reply

PAGE: Final = 100
_OLD_TOKEN: Final = "Sync token invalid or too old. Fetch everything again, then use the new one."


def listing(api: Api) -> Response:
    """``GET /tasks/{}/stories``, oldest first."""
    task = api.there("task")
    check(api, task, "viewer")
    return api.many(story for story in api.store.all("story") if story["target"] == task["gid"])


def read(api: Api) -> Response:
    """``GET /stories/{}``."""
    story, task = of_path(api)
    check(api, task, "viewer")
    return api.one(story)


def events(api: Api) -> Response:
    """``GET /events``: at most 100 for a token; without a good one 412 and a new token."""
    resource = api.query.get("resource")
    if resource is None:
        refuse("resource: Missing input")
    if api.store.things.get(resource, {"deleted": True}).get("deleted"):
        refuse(f"resource: Unknown object: {resource}")
    told = api.store.tokens.get(api.query.get("sync", ""))
    now = api.store.now()
    if told is None or told[0] != resource or now - told[2] > api.store.tuning.token_life:
        return _start_again(api, resource)
    found, place = _after(api, resource, told[1])
    page, more = found[:PAGE], len(found) > PAGE
    place = page[-1][0] + 1 if more else place
    data = [_shown(api, happening.body) for _, happening in page]
    sync = new_token(api, resource, place)
    return reply({"data": data, "sync": sync, "has_more": more})


def _after(api: Api, resource: str, start: int) -> tuple[list[tuple[int, Happening]], int]:
    """What happened in a stream from a place on, and where to go on from."""
    visible = api.store.now() - api.store.tuning.delay
    told = [h for h in api.store.happenings[start:] if h.at <= visible]
    found = [(n, h) for n, h in enumerate(told, start) if resource in h.streams]
    return found, start + len(told)


def _start_again(api: Api, resource: str) -> Response:
    sync = new_token(api, resource, len(api.store.happenings))
    body = parse_json(bytes(error(412, _OLD_TOKEN).body))
    return reply(body | {"sync": sync}, 412)


def new_token(api: Api, resource: str, place: int) -> str:
    """A token that means: everything before this place is known."""
    now = api.store.now()
    seed = f"{resource} {place} {now}".encode()
    token = f"{hashlib.md5(seed, usedforsecurity=False).hexdigest()}:{place}"
    api.store.tokens[token] = (resource, place, now)
    return token


_DETAIL: Final = Wanted(
    {name: Wanted() for name in ("resource_type", "name", "resource_subtype", "text")}
)


def _shown(api: Api, body: Thing) -> Thing:
    """An event; the things it names are compact, more if ``opt_fields`` asks."""
    wanted = api.wanted()
    if wanted is not None:
        return pick(api.store, api.me, body, wanted)
    usual = Wanted({key: _DETAIL if key == "resource" else Wanted() for key in body})
    shown: dict[str, Any] = pick(api.store, api.me, body, usual)
    return shown


ROUTES: Table = (
    ("GET", "/tasks/{gid}/stories", listing),
    ("GET", "/stories/{gid}", read),
    ("GET", "/events", events),
)
