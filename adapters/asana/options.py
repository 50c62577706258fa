"""What people configure: a connection to Asana, and where a client lives in it."""

from typing import Final

from pydantic import Field, SecretStr, model_validator

from syncer.adapterkit.contract import Strict

BASE_URL: Final = "https://app.asana.com/api/1.0"


class Options(Strict):
    """The token of the account that the service acts as, and the organisation's plan.

    Args:
        token: a personal access token, a service account's token or that of an OAuth app with
            full permissions: apps with scopes cannot read events or sections.
        paid: the organisation has a paid plan: 1,500 requests a minute instead of 150.
    """

    base_url: str = BASE_URL
    token: SecretStr
    paid: bool = False


class ScopeOptions(Strict):
    """Where a client lives: a team, or a list of projects, or both.

    Args:
        workspace: its gid; needed to find projects by name where there is no team. New projects
            are made in it if there is no team.
        team: its gid. New projects are made in it.
        projects: gids or names; with a team, only these of its projects count.
    """

    workspace: str | None = Field(default=None, pattern=r"^\d+$")
    team: str | None = Field(default=None, pattern=r"^\d+$")
    projects: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _somewhere(self) -> "ScopeOptions":
        names = [name for name in self.projects if not name.isdigit()]
        if not self.team and not self.projects:
            raise ValueError("name a team, or projects")
        if names and not (self.team or self.workspace):
            raise ValueError(f"to find {names[0]!r} by name, name the team or the workspace")
        return self
