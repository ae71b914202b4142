"""How X takes pictures: the upload, its state, and the alt text in a call of its own.

https://docs.x.com/x-api/media/media-upload, https://docs.x.com/x-api/media/media-metadata-create
"""

from __future__ import annotations

from typing import Any

from bot.core.model import Deferred, Refused
from bot.networks.answers import GONE
from bot.networks.line import Line, identifier
from bot.networks.uploads import Upload
from bot.ports import Drawn

AT_WORK = ("pending", "in_progress")


class Pictures:
    """`client` is tweepy's, which knows the upload of before only; `auth` signs what goes past it."""

    def __init__(self, line: Line, client: Any, auth: Any, server: str) -> None:
        self._line, self._client, self._auth, self._server = line, client, auth, server

    def upload(self, picture: Drawn) -> Upload | Refused | Deferred:
        category = "tweet_gif" if picture.animated else "tweet_image"

        def send() -> object:
            return self._line.session.post(
                f"{self._server}/2/media/upload",
                data={"media_category": category},
                files={"media": ("picture", picture.data, picture.kind)},
                auth=self._auth,
            )

        return self._read(self._line.before(send, _state, picture.picture.file), picture)

    def describe(self, media_id: str, picture: Drawn) -> Refused | Deferred | None:
        body = {"id": media_id, "metadata": {"alt_text": {"text": picture.picture.alt}}}
        answer = self._line.before(
            lambda: self._client.request("POST", "/2/media/metadata", json=body, user_auth=True),
            lambda answer: identifier(answer["data"]["id"]),
            f"the alt text of {picture.picture.file}",
        )
        return None if isinstance(answer, str) else answer

    def finished(self, media_id: str, picture: Drawn) -> bool | Refused | Deferred | None:
        asked, file = {"command": "STATUS", "media_id": media_id}, picture.picture.file
        answer = self._line.before(
            lambda: self._client.request("GET", "/2/media/upload", params=asked, user_auth=True),
            _state,
            file,
            file,
        )
        last = self._line.session.last
        if isinstance(answer, Refused) and last and last.status in GONE:
            return None
        told = self._read(answer, picture)
        return told.finished if isinstance(told, Upload) else told

    def _read(
        self, answer: tuple[str, str] | Refused | Deferred, picture: Drawn
    ) -> Upload | Refused | Deferred:
        if isinstance(answer, Refused | Deferred):
            return answer
        media_id, state = answer
        if state == "failed":
            return Refused(f"X could not work on {picture.picture.file}: export it anew, or take another")
        return Upload(media_id, state not in AT_WORK)


def _state(answer: Any) -> tuple[str, str]:
    """The id, and what X says of its work on it; nothing means that there is none left."""
    told = answer["data"]
    return identifier(told["id"]), str((told.get("processing_info") or {}).get("state", ""))
