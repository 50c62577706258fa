"""Kill everywhere: real processes on real sockets and a real file, killed at every boundary."""
