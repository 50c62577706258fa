"""What is wrong with a line of goals, as it is raised while the line is read."""


class Wrong(ValueError):
    """A line, or a piece of it, that cannot be read.

    Args:
        problem: what is wrong, in words for the person who wrote it.
        piece: the piece that is wrong; empty for the line as a whole.
        rights: what may have been meant: instead of the piece, or of the whole line.
    """

    def __init__(self, problem: str, piece: str = "", rights: tuple[str, ...] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self._piece = piece
        self._rights = rights

    def meant(self, line: str) -> tuple[str, ...]:
        """The lines that may have been meant, the likeliest first."""
        if not self._piece:
            return self._rights
        return tuple(line.replace(self._piece, right, 1) for right in self._rights)
