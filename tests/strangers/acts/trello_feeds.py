"""Pages, history, batches, members, search, and every way to be refused."""

from typing import Any

from trello import ResourceUnavailable, Unauthorized


def pages(crew: Any, who: str, board: str, place: str, count: int, batch: int) -> None:
    """More cards than one page holds, and their actions page by page."""
    trello = crew[who]
    wishes = trello.get_list(place)
    before = len(wishes.list_cards(card_filter="all"))
    for number in range(count):
        wishes.add_card(f"Page {number:02}")
    read = list(wishes.list_cards_iter(batch=batch))
    crew.same("every card once", before + count, len({card.id for card in read}))
    crew.same("and none twice", len(read), len({card.id for card in read}))
    first = list(wishes.list_cards_iter(batch=batch, limit=batch + 1))
    crew.same("a limit of one's own", batch + 1, len(first))
    hall = trello.get_board(board)
    seen, last = [], None
    while page := hall.fetch_actions("createCard", action_limit=batch, before=last):
        seen += [action["id"] for action in page]
        last = page[-1]["id"]
    crew.same("every action once", len(set(seen)), len(seen))
    crew.so("as many as cards were made", len(seen) >= count)
    newer = hall.fetch_actions("createCard", action_limit=1000, since=seen[-1])
    crew.same("since the first", len(seen) - 1, len(newer))
    crew.so("with who did it", all(a["memberCreator"]["id"] == a["idMemberCreator"] for a in newer))
    crew.same("all cards of the board", True, len(hall.all_cards()) >= count)


def batch(crew: Any, who: str, board: str, card: str) -> None:
    """Several reads in one request; what fails says so in its place."""
    urls = [f"/cards/{card}", f"/boards/{board}?fields=name", f"/cards/{'0' * 24}"]
    told = crew[who].fetch_json("/batch", query_params={"urls": ",".join(urls)})
    crew.same("two found", [card, board], [entry["200"]["id"] for entry in told[:2]])
    crew.same("one not", 404, told[2]["statusCode"])
    many = ",".join(["/members/me"] * 11)
    ask = lambda: crew[who].fetch_json("/batch", query_params={"urls": many})  # noqa: E731
    crew.refused("eleven are too many", ResourceUnavailable, ask)


def members(crew: Any, who: str, other: str) -> None:
    """Oneself with an address, others without."""
    me, them = crew[who].get_member("me"), crew[who].get_member(crew.id(other))
    crew.same("who I am", crew.id(who), me.id)
    crew.same("my own address", crew.stand["users"][who]["email"], me.email)
    crew.same("another's is not shown", None, them.email)
    crew.same("but their name", crew.stand["users"][other]["full_name"], them.full_name)
    crew.same("and user name", them.id, crew[who].get_member(them.username).id)
    mine = me.fetch_cards()
    crew.so("my cards are mine", all(me.id in card["idMembers"] for card in mine))


def search(crew: Any, who: str, words: str, card: str) -> None:
    """Words are found in cards and boards."""
    found = crew[who].search(words, models="cards", cards_limit=20)
    crew.so("a card by its words", card in {thing.id for thing in found})
    nothing = crew[who].search("no such words anywhere", partial_match=True)
    crew.same("nothing", [], nothing)


def stars(crew: Any, who: str, board: str) -> None:
    """A board of one's own liking."""
    star = crew[who].add_star(board)
    crew.so("starred", star.id in {s.id for s in crew[who].list_stars()})
    crew[who].delete_star(star)
    crew.so("no longer", star.id not in {s.id for s in crew[who].list_stars()})


def refusals(crew: Any, who: str, guest: str, board: str) -> None:
    """A wrong token, a board one may not see, things that are not there, wrong ids."""
    user = crew.stand["users"][who]
    forged = crew.log_in(**{**user, "token": "ATTA" + "0" * 60})
    error = crew.refused("a wrong token", Unauthorized, forged.list_boards)
    crew.so("in the vendor's words", "invalid token" in str(error))
    keyless = crew.log_in(**{**user, "key": "0" * 32})
    error = crew.refused("a wrong key", Unauthorized, keyless.list_boards)
    crew.so("in the vendor's words", "invalid key" in str(error))
    look = lambda: crew[guest].get_board(board)  # noqa: E731
    error = crew.refused("somebody else's board", Unauthorized, look)
    crew.so("in the vendor's words", "unauthorized" in str(error))
    error = crew.refused(
        "a card there never was", ResourceUnavailable, lambda: crew[who].get_card("f" * 24)
    )
    crew.so("is not found", "(HTTP status: 404)" in str(error))
    error = crew.refused("no id at all", ResourceUnavailable, lambda: crew[who].get_list("x"))
    crew.so("is a bad request", "(HTTP status: 400)" in str(error))


def hurry(crew: Any, who: str, limit: int) -> None:
    """Who asks more often than the documented limit in ten seconds is told so."""
    crew[who].http_service.pace = 2 * limit

    def ask() -> None:
        for _ in range(limit + 1):
            crew[who].fetch_json("/members/me/organizations")

    error = crew.refused("one request too many", ResourceUnavailable, ask)
    crew.so("with 429", "(HTTP status: 429)" in str(error))
    crew.so("in the vendor's words", "API_TOKEN_LIMIT_EXCEEDED" in str(error))
