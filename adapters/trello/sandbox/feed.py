"""Lists of actions: which are shown, in what order, and how many (guide, 3.1 and 6)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from adapters.trello.sandbox.calls import Call, is_id, moment_of, refuse
from adapters.trello.sandbox.store import Object
from syncer.model.values import instant_text

LISTED: Final = frozenset(
    "addAttachmentToCard addChecklistToCard addMemberToBoard addMemberToCard"
    " addToOrganizationBoard commentCard convertToCardFromCheckItem copyBoard copyCard"
    " copyCommentCard createBoard createCard createList deleteCard disablePlugin enablePlugin"
    " disablePowerUp enablePowerUp emailCard makeAdminOfBoard makeNormalMemberOfBoard"
    " makeObserverOfBoard memberJoinedTrello moveCardFromBoard moveCardToBoard"
    " moveListFromBoard moveListToBoard removeChecklistFromCard removeFromOrganizationBoard"
    " removeMemberFromCard updateBoard updateCard updateCheckItemStateOnCard updateChecklist"
    " updateList updateMember updateOrganization".split()
)
"""Types that ``filter=all`` gives."""

NAMED: Final = frozenset(
    "deleteAttachmentFromCard updateCustomFieldItem createCustomField updateCustomField"
    " deleteCustomField".split()
)
"""Types that are given only to those who ask for them by name."""

HIDDEN: Final = frozenset(
    "addLabelToCard removeLabelFromCard createLabel updateLabel deleteLabel createCheckItem"
    " deleteCheckItem updateCheckItem copyChecklist updateComment deleteComment voteOnCard"
    " removeMemberFromBoard".split()
)
"""Types that only webhooks tell; one by one they can still be read."""

SUBFILTERS: Final = frozenset(
    [f"updateCard:{key}" for key in ("name", "desc", "due", "dueComplete", "idList", "closed")]
    + ["updateList:name", "updateList:closed"]
)

MOST: Final = 1000
PAGES: Final = 19
_ABOUT_MEMBERS: Final = (
    "activityBlocked,avatarHash,avatarUrl,fullName,idMemberReferrer,initials,nonPublic,"
    "nonPublicAvailable,username"
)

_NESTED: Final = {
    "filter": "actions",
    "fields": "action_fields",
    "memberCreator": "action_memberCreator",
    "memberCreator_fields": "action_memberCreator_fields",
    "member": "action_member",
    "member_fields": "action_member_fields",
}


def actions(
    call: Call,
    mine: Callable[[Object], bool],
    *,
    nested: bool = False,
    default: str = "all",
    prompt: frozenset[str] = frozenset(),
) -> list[Object] | Object:
    """The actions that a request asks for, newest first; ``mine`` picks those of the object.

    ``prompt`` are types that show at once, however late others are.
    """

    def name(plain: str) -> str:
        return _NESTED.get(plain, f"actions_{plain}") if nested else plain

    shown = _filter(call.text(name("filter"), default))
    since, before = (_bound(call, name(end)) for end in ("since", "before"))
    models, late = set(call.many("idModels")), _late(call, prompt)
    found = [
        action
        for action in reversed(_sorted(call.store.actions))
        if mine(action)
        and shown(action)
        and not late(action)
        and (since is None or _key(action, since) > since)
        and (before is None or _key(action, before) < before)
        and (not models or models & _models(action))
    ]
    if call.text(name("format")) == "count":
        return {"_value": len(found)}
    limit = call.number(name("limit"), 50, MOST)
    page = call.number(name("page"), 0, PAGES) * limit
    return [_view(call, action, name) for action in found[page : page + limit]]


def _late(call: Call, prompt: frozenset[str]) -> Callable[[Object], bool]:
    """Whether a list does not show an action yet, or never will."""
    tuning = call.store.tuning
    known = instant_text(call.store.clock() - tuning.delay) if tuning.delay else None

    def late(action: Object) -> bool:
        waits = known is not None and action["date"] > known and action["type"] not in prompt
        return waits or action["type"] in tuning.unlisted

    return late


def _sorted(actions: list[Object]) -> list[Object]:
    return sorted(actions, key=lambda action: (action["date"], action["id"]))


def _filter(text: str) -> Callable[[Object], bool]:
    wanted = {part.strip() for part in text.split(",") if part.strip()}
    unknown = wanted - LISTED - NAMED - HIDDEN - SUBFILTERS - {"all", "none"}
    if unknown:
        refuse(400, "invalid value for filter")
    types = (LISTED if "all" in wanted else frozenset()) | (wanted & (LISTED | NAMED))

    def passes(action: Object) -> bool:
        old = (action.get("data") or {}).get("old") or {}
        changed = {f"{action['type']}:{key}" for key in old}
        return action["type"] in types or bool(changed & wanted & SUBFILTERS)

    return passes


def _bound(call: Call, name: str) -> str | None:
    """An end of a span: a date, or an id that stands for a place in the order."""
    text = call.text(name)
    if not text or text == "null" or is_id(text):
        return text if is_id(text) else None
    try:
        return instant_text(moment_of(text))
    except (ValueError, OverflowError):
        refuse(400, f"invalid value for {name}")


def _key(action: Object, bound: str) -> str:
    return str(action["id"] if is_id(bound) else action["date"])


def _models(action: Object) -> set[str]:
    return {
        part["id"] for part in action["data"].values() if isinstance(part, dict) and "id" in part
    }


def _view(call: Call, action: Object, name: Callable[[str], str]) -> Object:
    shown = pick(action, call.text(name("fields"), "all"))
    for key, default in (("memberCreator", True), ("member", True)):
        if key in action and call.flag(name(key), default):
            shown[key] = pick(action[key], call.text(name(f"{key}_fields"), _ABOUT_MEMBERS))
        else:
            shown.pop(key, None)
    return shown


def pick(entry: Mapping[str, Any], fields: str) -> Object:
    """The fields asked for, and always the id."""
    wanted = {field.strip() for field in fields.split(",")}
    if "all" in wanted:
        return dict(entry)
    return {key: value for key, value in entry.items() if key == "id" or key in wanted}


def of_board(board: str) -> Callable[[Object], bool]:
    """Actions on a board."""
    return lambda action: (action["data"].get("board") or {}).get("id") == board


def of_card(card: str) -> Callable[[Object], bool]:
    """Actions on a card."""
    return lambda action: (action["data"].get("card") or {}).get("id") == card


def of_list(entry: str) -> Callable[[Object], bool]:
    """Actions on a list, or that took a card into it or out of it."""
    keys = ("list", "listBefore", "listAfter")
    return lambda action: any((action["data"].get(k) or {}).get("id") == entry for k in keys)
