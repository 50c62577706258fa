"""Gathering the client's report out of the state. Reads; asks no vendor, writes nothing."""
