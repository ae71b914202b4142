"""How Mastodon takes pictures: in one call with their alt text, and then it works on them for a while.

It attaches nothing: a picture that is not ready would have the post refused.
"""

from __future__ import annotations

from typing import Any

from bot.core.model import Deferred, Refused
from bot.networks.answers import GONE
from bot.networks.line import Line, identifier
from bot.networks.uploads import Upload
from bot.ports import Drawn

AT_WORK = (202, 206)


class Pictures:
    """`client` is Mastodon.py's."""

    def __init__(self, line: Line, client: Any) -> None:
        self._line, self._client = line, client

    def upload(self, picture: Drawn) -> Upload | Refused | Deferred:
        def send() -> object:
            return self._client.media_post(
                picture.data,
                mime_type=picture.kind,
                description=picture.picture.alt or None,
                file_name="picture",
            )

        return self._line.before(send, self._taken, picture.picture.file)

    def describe(self, media_id: str, picture: Drawn) -> None:
        """The upload carried the alt text already."""

    def finished(self, media_id: str, picture: Drawn) -> bool | Refused | Deferred | None:
        file = picture.picture.file
        answer = self._line.before(lambda: self._client.media(media_id), self._taken, file, file)
        last = self._line.session.last
        if isinstance(answer, Refused) and last and last.status in GONE:
            return None
        return answer.finished if isinstance(answer, Upload) else answer

    def _taken(self, attachment: Any) -> Upload:
        last = self._line.session.last
        working = bool(last and last.status in AT_WORK)
        return Upload(identifier(attachment["id"]), bool(attachment.get("url")) or not working)
