"""Routes over single parts of definitions, which people's clients ask for: a group, a stage."""

from starlette.responses import Response

from adapters.hubspot.sandbox.account import Account, body_of, type_or_refused
from adapters.hubspot.sandbox.answers import batch, not_found
from adapters.hubspot.sandbox.standard import Definition
from adapters.hubspot.sandbox.wire import inputs
from syncer.adapterkit.sandbox import SandboxRequest, reply

MOST = 100


class Parts:
    """Handlers of parts of definitions."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def properties(self, request: SandboxRequest) -> Response:
        """Some properties by name; of names there are not there is a row of ``errors``."""
        told = self._account.store.definitions[type_or_refused(request.path_params["type"])]
        archived = bool(body_of(request).get("archived"))
        names = [str(item.get("name")) for item in inputs(request, MOST)]
        found = [told[n] for n in names if n in told and told[n]["archived"] == archived]
        missing = sorted(set(names) - {one["name"] for one in found})
        errors = [not_found("No such properties", context={"name": missing}).row()]
        return batch(found, self._account.now(), errors if missing else [])

    def group(self, request: SandboxRequest) -> Response:
        """One group of properties."""
        told = self._account.store.groups[type_or_refused(request.path_params["type"])]
        return _one(told.get(request.path_params["name"]))

    def stages(self, request: SandboxRequest) -> Response:
        """The stages of a pipeline."""
        return reply({"results": self._stages(request)})

    def stage(self, request: SandboxRequest) -> Response:
        """One stage."""
        id, told = request.path_params["stage"], self._stages(request)
        return _one(next((stage for stage in told if stage["id"] == id), None))

    def _stages(self, request: SandboxRequest) -> list[Definition]:
        lines = self._account.store.lines[type_or_refused(request.path_params["type"])]
        line = lines.get(request.path_params["line"])
        if line is None:
            raise not_found("Pipeline not found").refusal()
        return list(line["stages"])


def _one(told: Definition | None) -> Response:
    if told is None:
        raise not_found().refusal()
    return reply(told)
