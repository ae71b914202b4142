"""Runs the four servers as a process of its own until SIGTERM: `python -m bot.sandbox`.

It writes addresses and secrets to a file once it is ready, and takes faults at /_sandbox on each port.
"""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path

from bot.sandbox.box import Sandbox, write_private


def main(arguments: list[str] | None = None) -> int:
    asked = _arguments(arguments)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    with Sandbox.start(state=asked.state) as box:
        box.petition.count = asked.count
        box.petition.grow(asked.grow)
        write_private(asked.ports_file, json.dumps(box.described(), indent=2))
        while not over.wait(0.5):  # a signal that another thread caught is heard when this one looks up
            pass
    return 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--state", type=Path, help="folder for the ledgers; without it they are in memory")
    parser.add_argument("--ports-file", type=Path, required=True, help="where to write addresses and secrets")
    parser.add_argument("--count", type=int, default=0, help="signatures at the start")
    parser.add_argument("--grow", type=float, default=0.0, help="signatures more per second")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
