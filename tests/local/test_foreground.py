"""Running a local server in the foreground."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import imagekitio

# Sends a signal at the first line that a wait runs, then at the second one, and so on: each wait must end. After its
# last line, the wait is in C code, so a timer sends the signal.
AT_EVERY_LINE = """
import os, signal, sys, threading
from imagekitio.local.foreground import catch_signals

at, is_sent = 0, True
while is_sent:
    at, lines, is_sent = at + 1, 0, False

    def trace(frame, event, argument):
        global lines, is_sent
        lines += event == "line"
        if lines == at and not is_sent:
            is_sent = True
            sys.settrace(None)
            signal.raise_signal(signal.SIGTERM)
        return trace

    with catch_signals() as signals:
        timer = threading.Timer(0.5, lambda: is_sent or os.kill(os.getpid(), signal.SIGTERM))
        timer.start()
        sys.settrace(trace)
        signals.wait()
        sys.settrace(None)
        timer.cancel()
        timer.join()
    assert signals.have_arrived and signals.exit_status == 0
print(at)
"""


@pytest.mark.slow
def test_a_signal_ends_the_wait_whenever_it_arrives() -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(imagekitio.__file__).parents[1])}
    command = [sys.executable, "-W", "error", "-c", AT_EVERY_LINE]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=60)
    assert int(ended.stdout) > 5
