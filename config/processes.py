"""Starts and stops child processes that end with the process that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(last_signal: signal.Signals) -> None:
    """Asks the kernel to send this process a signal when its parent dies, even by kill -9."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)


def in_child(last_signal: signal.Signals) -> Callable[[], None]:
    """What a new child does first. It runs after the change of user, because that change would clear the request."""
    parent = os.getpid()

    def prepare() -> None:
        end_with_parent(last_signal)
        if os.getppid() != parent:  # The parent died before the request was made.
            os._exit(1)

    return prepare


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    output: IO[bytes] | int | None = None,
    last_signal: signal.Signals = signal.SIGTERM,
    account: tuple[int, int] | None = None,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Starts a child in a session of its own: Ctrl-C reaches only us, and we end the children in order.

    `account` is the (uid, gid) to run under; `keep_open` are the file descriptors that the child inherits. Call it
    from the main thread: the kernel's signal follows the thread that started the child.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        pass_fds=keep_open,
        user=account[0] if account else None,
        group=account[1] if account else None,
        extra_groups=[] if account else None,
        preexec_fn=in_child(last_signal),
    )


def stop(process: subprocess.Popen[bytes], *signals: signal.Signals, seconds: float = 10) -> None:
    """Asks a child to end, ever more urgently; in the end by force."""
    for urgency in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(urgency)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
