"""Files and environment in, checked rules out; all problems at once, each with its place."""

from syncer.settings.environment import Said, environment
from syncer.settings.load import load
from syncer.settings.problems import ConfigurationError, Problem

__all__ = ["ConfigurationError", "Problem", "Said", "environment", "load"]
