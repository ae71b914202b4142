"""Answers on one port of this computer, in threads of its own, until it is closed. The only home of waitress.

It listens on loopback, or where it is told that people have to sign in.
"""

from __future__ import annotations

import errno
import re
import socket
import threading
from typing import Any

from flask import Flask

THREADS = 4
IDLE = 30
"""Seconds after which a connection without a request is closed."""
LARGEST_BODY = 24 * 1024 * 1024
"""Bytes that are read at all; what a form may have is less (session.py)."""
PATIENCE = 5.0
"""Seconds for what is being answered when the server is closed."""

PLACE = re.compile(r"(.*):([0-9]+)")
LOOPBACK = re.compile(r"127(?:\.[0-9]{1,3}){3}|localhost|\[::1\]")


class ListenRefused(ValueError):
    """web.listen names more than this computer: one sentence that says what to do."""

    exit_code = 78


class Server:
    """A running server. `url` says where, with the port that was found. Close it when done."""

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        from waitress.server import create_server

        host, port = listening.getsockname()[:2]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        self._server: Any = create_server(
            app,
            sockets=[listening],
            threads=THREADS,
            ident=None,
            channel_timeout=IDLE,
            max_request_body_size=LARGEST_BODY,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,  # guard.py must see them: it refuses what is passed on
        )
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and answering; no thread is left. May be called again."""
        if self._thread.is_alive():
            self._server.task_dispatcher.shutdown(timeout=PATIENCE)  # they still need the sockets
            self._server.trigger.pull_trigger(self._hang_up)
            self._thread.join(PATIENCE)

    def _hang_up(self) -> None:
        """Close every socket, in the thread that waits for them: it ends when there is none."""
        from waitress import wasyncore

        wasyncore.close_all(self._server._map, ignore_all=True)


def serve(app: Flask, listen: str, *, anywhere: bool = False) -> Server:
    """Serve `app` at `listen` (`127.0.0.1:8080`; port 0 takes a free one).

    Raises ListenRefused for a host that is not loopback, unless it may be `anywhere`, and OSError when the
    port cannot be had.
    """
    found = PLACE.fullmatch(listen)
    if found is None or not (anywhere or LOOPBACK.fullmatch(found[1])):
        raise ListenRefused(
            f"web.listen is {listen}, but while the page has no users it is for this computer alone: "
            'write it as "127.0.0.1:8080"'
        )
    return Server(app, _listening(found[1], int(found[2])))


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host.strip("[]"), port))
        opened.listen()
    except (OSError, OverflowError) as error:
        opened.close()
        code = getattr(error, "errno", None) or errno.EINVAL
        raise OSError(code, _why(code, host, port)) from None
    return opened


def _why(code: int, host: str, port: int) -> str:
    known = {
        errno.EADDRINUSE: "another program is using that port",
        errno.EACCES: "ports below 1024 need more rights",
    }
    cause = known.get(code, "this computer has no such address or port")
    other = "set web.listen in config.yaml to another port, or to port 0 for a free one"
    return f"the page cannot be shown at {host}:{port}, since {cause}; {other}"
