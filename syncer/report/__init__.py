"""A plan, a cycle, a history as text or JSON; reads, never decides."""
