"""Records as an agency has them: about 1 KB of JSON in 20 keys, the same for the same seed."""

import random
from typing import Any, Final

PEOPLE: Final = ("maya", "tom", "anna", "ben")
SYNCER: Final = "syncer"
STATUSES: Final = {"st-1": "To do", "st-2": "Doing", "st-3": "Review", "st-4": "Done"}
PRIORITIES: Final = {"pr-1": "Low", "pr-2": "Medium", "pr-3": "High"}
SIZES: Final = {"sz-1": "Small", "sz-2": "Medium", "sz-3": "Large"}
LABELS: Final = {
    f"lb-{n}": name
    for n, name in enumerate(
        ("Design", "Copy", "Print", "Web", "Social", "Photo", "Urgent", "Client waits"), 1
    )
}
MAPPED: Final = (
    "name", "notes", "project", "status", "start", "due", "assignees", "labels", "priority",
    "estimate", "size", "code",
)  # fmt: skip
"""The keys that are kept in step: 12 of an item's 20. A project has the first two."""

EMPTY: Final[dict[str, dict[str, Any]]] = {
    "projects": {"name": "", "notes": None},
    "items": dict.fromkeys(MAPPED) | {"assignees": [], "labels": []},
}
"""A record in which nobody filled in anything."""

A_PROJECT: Final = 500
"""Items in one project."""

_VERBS: Final = "Draft Review Write Shoot Cut Plan Send Check Print Build Translate Retouch".split()
_THINGS: Final = (
    "the landing page|the autumn mailing|six banners|the press kit|the shop window|the photo list|"
    "the price sheet|the style guide|the spring menu|the trade fair stand|the interview|the slides"
).split("|")
_FOR: Final = (
    "the board|the web team|Tuesday's call|the second round|the regional paper|the branch in Leeds|"
    "the new season|the launch|the partners|the investors"
).split("|")
_SENTENCES: Final = (
    "The client wants to see **two directions** before anything is worked out in detail.|"
    "Please keep to the wording of the last round; legal has signed it off.|"
    "Photos are in the shared folder, the good ones are marked with a star.|"
    "We agreed on the phone that the *old logo* stays until the end of the quarter.|"
    "Numbers come from the report of last month, see [the overview](https://example.com/overview).|"
    "Somebody from their side has to read it once more, allow for three days.|"
    "If the printer cannot make the date, tell the account manager the same day.|"
    "Nothing goes out before the price list is final.|"
    "The tone should be warm and short, without exclamation marks.|"
    "Open question: who pays for the second set of pictures?"
).split("|")


def project(number: int) -> dict[str, Any]:
    """A project; its name is its own."""
    return {"name": f"Project {number:05}", "notes": _SENTENCES[number % len(_SENTENCES)]}


def item(number: int, place: str, seed: int = 1) -> dict[str, Any]:
    """The mapped values of one item; its name and its code are its own."""
    r = random.Random(f"{seed} {number}")
    due = f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02}"
    return {
        "name": f"{r.choice(_VERBS)} {r.choice(_THINGS)} for {r.choice(_FOR)} {number:06}",
        "notes": " ".join(r.sample(_SENTENCES, 6)),
        "project": place,
        "status": r.choice(list(STATUSES)),
        "start": f"2025-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
        "due": due if r.random() < 0.8 else f"{due}T{r.randint(8, 18):02}:30:00.000Z",
        "assignees": sorted(f"u-{who}" for who in r.sample(PEOPLE, r.randint(0, 2))),
        "labels": sorted(r.sample(list(LABELS), r.randint(0, 3))),
        "priority": r.choice(list(PRIORITIES)),
        "estimate": r.randint(1, 80) / 2,
        "size": r.choice([*SIZES, None]),
        "code": f"{r.getrandbits(32):08x}-{number:06}",
    }


def edited(values: dict[str, Any], again: int) -> dict[str, Any]:
    """What a person changes in an item: a word in the notes, and the estimate."""
    notes = f"{str(values['notes']).partition(' Changed: ')[0]} Changed: {again} times by now."
    return {"notes": notes, "estimate": 100 + again / 2}
