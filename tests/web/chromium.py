"""A real Chromium without a window, spoken to in its own protocol over a pair of pipes.

It is found where PETITION_BOT_CHROMIUM says, or at /usr/bin/chromium.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

PLACE = Path(os.environ.get("PETITION_BOT_CHROMIUM") or "/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
PHONE, DESKTOP = (390, 844), (1280, 900)


class Tab:
    """One page in the browser."""

    def __init__(self, write: IO[bytes], read: IO[bytes]) -> None:
        self._write, self._read = write, read
        self._number = self._loads = 0
        self.complaints: list[str] = []
        """What the browser's console says: blocked by the CSP, not found, broken script."""
        self._session = ""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._ask(f"{domain}.enable")

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        asked: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            asked["sessionId"] = self._session
        self._write.write(json.dumps(asked).encode() + b"\0")
        self._write.flush()
        while True:
            said = self._hear()
            if said.get("id") == self._number:
                assert "error" not in said, said["error"]
                return dict(said["result"])

    def _hear(self) -> dict[str, Any]:
        letters = bytearray()
        while (letter := self._read.read(1)) != b"\0":
            assert letter, "Chromium is gone"
            letters += letter
        said: dict[str, Any] = json.loads(letters)
        self._loads += said.get("method") == "Page.loadEventFired"
        if said.get("method") == "Log.entryAdded":
            self.complaints.append(said["params"]["entry"]["text"])
        if said.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(said["params"]["exceptionDetails"]))
        return said

    def open(self, url: str, size: tuple[int, int] = DESKTOP, scheme: str = "light") -> None:
        """Load a page at a size of its window, in light or dark."""
        self._go("about:blank")  # the page before may still be asking a server that is gone
        self.complaints.clear()
        self.resize(*size)
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self._ask("Emulation.setEmulatedMedia", features=features)
        self._go(url)

    def _go(self, url: str) -> None:
        before = self._loads
        self._ask("Page.navigate", url=url)
        while self._loads == before:
            self._hear()

    def resize(self, width: int, height: int) -> None:
        phone = width < 600
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )

    def run(self, script: str) -> Any:
        """The value of a script's last expression."""
        given = self._ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in given, given["exceptionDetails"]
        return given["result"].get("value")

    def press(self, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            self._ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=9)

    def wait(self, holds: Callable[[], bool], seconds: float = 10) -> None:
        """Until something holds; fails when it does not in time."""
        ends = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < ends, f"waited {seconds} s in vain"
            time.sleep(0.05)

    def picture(self, file: Path, *, whole: bool = True) -> None:
        taken = self._ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(taken["data"]))


LAUNCH = """
import fcntl, os, sys
high = [fcntl.fcntl(int(each), fcntl.F_DUPFD, 20) for each in sys.argv[1:3]]
os.dup2(high[0], 3)
os.dup2(high[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""The browser reads from 3 and writes to 4, whatever numbers our pipes have."""


@contextmanager
def chromium(profile: Path) -> Iterator[Tab]:
    """A browser with an empty profile, closed at the end."""
    (theirs, write), (read, answers) = os.pipe(), os.pipe()
    launch = [sys.executable, "-c", LAUNCH, str(theirs), str(answers)]
    running = subprocess.Popen(
        [*launch, str(PLACE), *FLAGS, f"--user-data-dir={profile}"],
        pass_fds=(theirs, answers),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    os.close(answers)
    with running, open(write, "wb") as to_browser, open(read, "rb") as to_us:
        try:
            yield Tab(to_browser, to_us)
        finally:
            running.terminate()
            running.wait(10)
