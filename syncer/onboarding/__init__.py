"""The first day: from credentials to a configuration that passes ``syncer check``."""
