"""On which terms posts go out: their links, the parts of a thread, what they may cost and what they do cost.

Sections of config.yaml, like those of settings.py. It counts no money: budget.py does.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from bot.core.scalars import Dollars, Whole, Words, Written, quoted


class Links(Written):
    """Which posts carry the petition's link."""

    mode: Literal["always", "story", "never", "every"] = "always"
    every: int = 1


def link_rule(value: Any) -> Any:
    if isinstance(value, Links):
        return value
    if value in ("always", "story", "never"):
        return Links(mode=value)
    found = re.fullmatch(r"every ([0-9]{1,6}) posts?", str(value))
    if not found or int(found[1]) < 1:
        raise ValueError(f"{quoted(value)} is not one of always, story, never and every N posts")
    return Links(mode="every", every=int(found[1]))


class Threads(Written):
    """How the parts of a thread are written."""

    numbering: Words | None = Field(
        None, description='Written after the words of each part, such as "{n}/{of}"; default: nothing'
    )
    link: Literal["last", "first"] = Field("last", description="Which part carries the petition's link")

    @field_validator("numbering")
    @classmethod
    def _counts(cls, numbering: str | None) -> str | None:
        rest = (numbering or "").replace("{n}", "").replace("{of}", "")
        if numbering is not None and (rest == numbering or "{n}" not in numbering or re.search("[{}]", rest)):
            raise ValueError(f'{quoted(numbering)} does not number a part; write it as "{{n}}/{{of}}"')
        return numbering

    def number(self, part: int, parts: int) -> str:
        """What stands after the words of a part (from 0), a space before it; nothing where one is alone."""
        if self.numbering is None or parts < 2:
            return ""
        return " " + self.numbering.replace("{n}", str(part + 1)).replace("{of}", str(parts))


class Budget(Written):
    """What an account may spend; what does not fit is not posted."""

    usd_per_month: Dollars | None = Field(None, description="Hard stop for a calendar month (UTC)")
    posts_per_day: Whole | None = Field(None, description="Hard stop for a local day")


def price(value: Any) -> float:
    """Dollars with up to six decimals, since networks charge parts of a cent."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", str(value)):
        raise ValueError(f"{quoted(value)} is not a price in dollars; write it as 0.015")
    return float(str(value))


Price = Annotated[float, Field(ge=0, allow_inf_nan=False), BeforeValidator(price)]


class PriceList(Written):
    """What the network charges this account, in dollars; what is not named here is as the network says."""

    post: Price | None = Field(None, description="A post without a link; X: 0.015")
    post_with_link: Price | None = Field(None, description="A post with a link; X: 0.20")
    alt_text: Price | None = Field(None, description="The alt text of a picture; X: 0.005")
    reading: Price | None = Field(None, description="One own post read back; X: 0.001")
    repost: Price | None = Field(None, description="A repost; X: 0.015")
