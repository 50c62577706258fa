"""The smallest possible stand-in: a vendor of notes."""

from typing import ClassVar

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from syncer.adapterkit.sandbox import (
    Ids,
    Refusal,
    Sandbox,
    SandboxRequest,
    SandboxUser,
    World,
    made_up_token,
    reply,
)
from syncer.model.values import Json


class NotesSandbox(Sandbox):
    """Notes: list, read, write; and a route that breaks."""

    system = "notes"
    secrets: ClassVar[tuple[str, ...]] = ("token",)
    holds: ClassVar[tuple[str, ...]] = ("ids", "notes")

    def __init__(self) -> None:
        super().__init__()
        for name in ("maya", "syncer"):
            token = made_up_token("notes", name)
            self.users[name] = SandboxUser(name, f"u-{name}", name.title(), "", token)
        self.reset()

    def routes(self) -> list[Route]:
        return [
            Route("/notes", self._list),
            Route("/notes", self._create, methods=["POST"]),
            Route("/notes/{id}", self._read),
            Route("/broken", self._broken),
        ]

    def user_of(self, request: SandboxRequest) -> SandboxUser | None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        given = request.query.get("token", given)
        return next((user for user in self.users.values() if user.token == given), None)

    def unauthorised(self, request: SandboxRequest) -> Response:
        return PlainTextResponse("who are you?", 401)

    def failure(self, status: int, request: SandboxRequest) -> Response:
        return reply({"error": status, "of": "notes"}, status)

    def load(self, world: World) -> None:
        self.notes = {self.ids.decimal(6): client.name for client in world.clients}

    def reset(self) -> None:
        self.ids = Ids("notes")
        self.notes: dict[str, str] = {}

    def state(self) -> Json:
        return {"notes": dict(self.notes)}

    def scope_of(self, client_key: str) -> dict[str, object]:
        return {}

    def connection(self, base_url: str, user: str) -> dict[str, object]:
        return {"base_url": base_url, "token": self.users[user].token}

    def _list(self, request: SandboxRequest) -> Response:
        return reply([{"id": id, "text": text} for id, text in self.notes.items()])

    def _create(self, request: SandboxRequest) -> Response:
        body = request.json()
        if not isinstance(body, dict) or "text" not in body:
            raise Refusal(self.failure(422, request))
        id = self.ids.decimal(6)
        self.notes[id] = body["text"]
        return reply({"id": id, "by": request.user.id}, 201)

    def _read(self, request: SandboxRequest) -> Response:
        text = self.notes.get(request.path_params["id"])
        return self.failure(404, request) if text is None else reply({"text": text})

    def _broken(self, request: SandboxRequest) -> Response:
        raise KeyError("a mistake in the stand-in")
