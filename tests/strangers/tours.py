"""Strangers about business of their own: all that people do with a tool, far from any client.

Each tour drives one sandbox by the vendor's client, in places that syncer does not look at:
a workspace, a team and companies of the strangers' own.
"""

from collections.abc import Callable

from tests.strangers import conversations
from tests.strangers.listening_hubspot import conversation as conversation_in_hubspot
from tests.strangers.stage import Stage


def trello(stage: Stage) -> None:
    """Boards, lists, cards, labels, members, custom fields, actions, batches, workspaces."""
    act = stage.strangers["trello"]
    home = act("places.workspaces", who="maya", other="tom")
    board = act("places.boards", who="maya", other="tom", workspace=home)
    rooms = act("places.lists", who="tom", board=board)
    act("places.labels", who="tom", board=board)
    act("places.fields", who="maya", board=board)
    card = act("cards.cards", who="tom", other="maya", board=board, places=rooms)
    act("cards.values", who="maya", card=card)
    act("cards.comments", who="tom", other="maya", card=card)
    conversations.trello(stage, home, act)
    act("cards.checklists", who="maya", other="tom", card=card)
    act("cards.attachments", who="maya", card=card)
    act("feeds.pages", who="maya", board=board, place=rooms["Wishes"], count=12, batch=5)
    act("feeds.batch", who="maya", board=board, card=card)
    act("feeds.members", who="maya", other="tom")
    act("feeds.search", who="maya", words="better wish", card=card)
    act("feeds.stars", who="maya", board=board)
    where = {"workspace": home, "board": board, "place": rooms["Wishes"], "card": card}
    act("places.whole", who="maya", **where)
    act("feeds.refusals", who="maya", guest="anna", board=board)
    act("feeds.hurry", who="ben", limit=100)


def asana(stage: Stage) -> None:
    """Workspaces, teams, projects and their status, sections, tasks, stories, tags, fields, users, events."""
    act = stage.strangers["asana"]
    place = act("places.organisation", who="maya", other="tom")
    project = act("places.projects", who="maya", other="tom", place=place)
    act("places.statuses", who="tom", other="anna", project=project)
    rooms = act("places.sections", who="tom", project=project)
    tag = act("places.tags", who="anna", workspace=place["workspace"])
    fields = act("places.fields", who="maya", workspace=place["workspace"], project=project)
    seats = {"place": place, "project": project, "rooms": rooms}
    task = act("work.tasks", who="tom", other="maya", **seats)
    act("work.sets", who="maya", other="tom", task=task, tag=tag)
    act("work.values", who="anna", task=task, known=fields)
    act("work.stories", who="maya", other="tom", task=task)
    conversations.asana(stage, place, project, task, act)
    act("work.pages", who="tom", project=project, count=12, limit=5)
    act("work.events", who="tom", project=project, task=task)
    act("work.refusals", who="tom", project=project, task=task)
    stage.fault("asana", match={"user": "ben"}, fault={"status": 429})
    act("work.limited", who="ben")


def hubspot(stage: Stage) -> None:
    """Companies, deals, owners, properties, pipelines, associations, search, batches, history."""
    act = stage.strangers["hubspot"]
    act("account.people", who="anna")
    act("account.definitions", who="anna", name="stranger_key")
    act("account.lines", who="anna")
    one = act("records.company", who="anna", name="Strange Foods", domain="strange.example")
    two = act("records.company", who="tom", name="Stranger Foods", domain="stranger.example")
    deal = act("records.deal", who="anna", name="Strange deal", company=one)
    act("records.history", who="anna", other="tom", deal=deal)
    many = act("records.batches", who="maya", prefix="Zebra", count=12)
    act("records.upserts", who="maya", property="stranger_key", company=one)
    act("records.pages", who="tom", expected=[one, two, *many], limit=4)
    act("records.search", who="maya", word="Zebra", expected=many)
    act("links.links", who="anna", deal=deal, company=one, second=two)
    conversation_in_hubspot(stage, act, one, deal)
    act("records.deal_searches", who="tom", deal=deal, company=one)
    act("account.refusals", who="anna", deal=deal)
    act("links.ends", who="anna", keep=one, gone=two, ids=many)
    act("records.hurry", who="ben")
    stage.fault("hubspot", match={"user": "ben"}, fault={"status": 403})
    act("account.forbidden", who="ben")


def google_analytics(stage: Stage) -> None:
    """Accounts, reports, batches, metadata, every kind of refusal, and quotas that run out."""
    act = stage.strangers["google_analytics"]
    scopes = stage.stand["google_analytics"]["scopes"]
    bakery, outdoor = (scopes[key]["property"] for key in ("bakery", "outdoor"))
    seen = {f"properties/{bakery}": "Honey & Rye Bakery", f"properties/{outdoor}": "Tarn Outdoor"}
    act("account.tree", who="maya", expected=seen)
    act("account.described", who="limited", property=bakery)
    act("account.closed", who="anna", property=outdoor)
    act("reports.days", who="anna", property=bakery)
    act("reports.pages", who="maya", property=bakery, limit=20)
    act("reports.filters", who="tom", property=bakery)
    act("reports.ranges", who="ben", property=outdoor)
    act("reports.batch", who="anna", property=bakery)
    act("reports.names", who="maya", property=bakery)
    act("reports.restricted", who="limited", property=bakery)
    act("refusals.wrong", who="tom", property=bakery)
    act("refusals.forbidden", who="partner", property=bakery)
    act("refusals.sign_in", who="limited", other="partner", property=bakery)
    act("refusals.withdrawn", who="anna", property=bakery)
    cut = {"dataTruncationType": "DATA_TRUNCATION_TYPE_PROPERTY"}
    flags = {"sampled": 0.5, "thresholded": True, "other": 3, "truncated": [cut]}
    stage.control("google_analytics", "flags", property=outdoor, **flags)
    act("reports.flagged", who="ben", property=outdoor)
    stage.control("google_analytics", "flags", property=outdoor)
    stage.control("google_analytics", "quota", property=outdoor, limits={"tokensPerDay": 1})
    act("refusals.exhausted", who="ben", property=outdoor, words="per day")
    for nth, status in enumerate((500, 503), 1):
        stage.fault("google_analytics", match={"user": "maya"}, nth=nth, fault={"status": status})
    act("refusals.broken", who="maya", property=bakery)
    stage.control("google_analytics", "services", admin=False)
    act("account.off", who="tom")
    stage.control("google_analytics", "services")


TOURS: dict[str, Callable[[Stage], None]] = {
    "trello": trello,
    "asana": asana,
    "hubspot": hubspot,
    "google_analytics": google_analytics,
}
