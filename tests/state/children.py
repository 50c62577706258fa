"""Code that runs in processes of their own, to be killed or to be somebody else."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from syncer.state import StateError

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


def run(code: str, *arguments: str) -> int:
    """Run code to its end; gives the exit code, negative if a signal ended it."""
    return subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, timeout=60).returncode


@contextmanager
def running(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has printed a line and waits; it is killed at the end, if not before."""
    command = [sys.executable, "-c", code + "\nprint('ready', flush=True)\ninput()", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            assert "ready\n" == process.stdout.readline()
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """End it as a power cut would."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def refused_to_nobody(action: Callable[[], object]) -> str:
    """What a user without any rights is told; empty if it was allowed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setuid(NOBODY)
            action()
        except StateError as error:
            os.write(writer, str(error).encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as told:
        return told.read()
