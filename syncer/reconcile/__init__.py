"""The verbs: pure functions from what systems show to what shall be written, and why.

No clock, network, database, log or randomness in here; they are handed in as values.
"""
