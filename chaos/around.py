"""Something that stands in for another thing and does all that the other does, less what is redefined."""

from __future__ import annotations

from typing import Any


class Around:
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)
