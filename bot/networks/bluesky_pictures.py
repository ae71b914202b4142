"""How Bluesky takes pictures: as bytes, with nothing beside them; alt text and size stand in the post.

So what is kept of an upload is all that the post will say of it. A picture is ready as soon as it is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from bot.core.model import Deferred, Refused, Unconfirmed
from bot.networks.answers import Aim
from bot.networks.uploads import Upload
from bot.networks.xrpc import Xrpc
from bot.ports import Drawn


class Pictures:
    def __init__(self, xrpc: Xrpc) -> None:
        self._xrpc = xrpc

    def upload(self, picture: Drawn) -> Upload | Refused | Deferred:
        def taken(answer: Any) -> Upload:
            size = {"width": picture.width, "height": picture.height}
            shown = {"image": dict(answer["blob"]), "alt": picture.picture.alt, "aspectRatio": size}
            return Upload(json.dumps(shown), finished=True)

        ask = self._xrpc.upload(picture.data, picture.kind)
        answer = self._xrpc.say(ask, taken, Aim(speaks=False, what=picture.picture.file))
        if isinstance(answer, Unconfirmed):
            return Deferred(f"{answer.reason}; nothing was posted")
        return answer

    def describe(self, media_id: str, picture: Drawn) -> None:
        """The post says it."""

    def finished(self, media_id: str, picture: Drawn) -> bool:
        return True


def shown(uploads: Iterable[str]) -> dict[str, Any]:
    """What a post with these pictures adds to its record."""
    images = [json.loads(each) for each in uploads]
    return {"embed": {"$type": "app.bsky.embed.images", "images": images}} if images else {}
