"""The tests. Each one's docstring states a promise."""
