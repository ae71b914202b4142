"""X's own library as the judge of our weights, where PETITION_BOT_TWITTER_TEXT names its folder.

It is `twitter-text` 3.1.0 from npm, run by Node. Its table of emoji ends in 2018, so the texts have
none that came later; its list of endings is old too, and there ours is larger on purpose.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import unicodedata
from functools import lru_cache

import pytest

from bot.core.endings import DOUBTFUL
from bot.core.text import LIMITS, length, urls

LIBRARY = os.environ.get("PETITION_BOT_TWITTER_TEXT", "")
JUDGE = """
const library = require(process.argv[1]);
const texts = JSON.parse(require('fs').readFileSync(0));
const judge = text => [library.parseTweet(text).weightedLength, library.extractUrls(text.normalize())];
process.stdout.write(JSON.stringify(texts.map(judge)));
"""
WORDS = (
    "hola final El niño más pidió asilo EE.UU. court family (sign) «firma» “now” it's rock&roll 50% $5 #Tag "
    "#Educación @user @Ministerio, ¿qué? —sí– … € • → ✅ ™ ‹ 𝗙𝗼𝗻𝘁 のの 漢字 한국어 مرحبا שלום हिन्दी n\u0303 "
    "é a.m. 1.000 10,000 3.14 v2.0 info@example.org ._- fin. Sr.García https:// www. ftp://example.org ß ﬁ İ"
)
EMOJI = "😀 ❤️ ❤ 🇪🇸 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏳️‍🌈 1️⃣ 💪🏽 ☝🏿 👩🏽‍🚀 🤷‍♀️ 🕵️‍♀️ 👨‍👩‍👧‍👦 👩‍❤️‍💋‍👨 ©️ ⚡️ ✅️ 🇽🇽 🐶‍🚀 ❤︎ 🏳‍🌈"
HOSTS = (
    "example ejemplo la-casa foo_bar sub.example 日本 exámple xn--caf-dma a 1 www.raicestexas bücher -x x-"
)
ENDINGS = "com org es No Es IT la Me co.uk md hamburg 中国 рф xn--p1ai pdf ya el um movistar web music"
PATHS = (
    "/ /p /p/ /a/b_(c) /p() /p. /p) /p… /p» /p。 /pñ /п /p?x=1&y=2 ?q=1 /?q=a. /#frag /p#a! /@user/1 /p- "
    ":80/x /a(b(c)d) /日本 /p–q /p|q /.(sign)"
)
MARKS = "ab.:/@#-_()…»。 \u200e\u202e\u0301\ufeff\u2028?=&%ñ漢・"


def made_up(chance: random.Random) -> str:
    def pick(words: str) -> str:
        return chance.choice(words.split(" "))

    def piece() -> str:
        match chance.choices(("word", "link", "emoji", "marks"), (50, 25, 15, 10))[0]:
            case "word":
                return pick(WORDS)
            case "link":
                scheme = chance.choice(["https://", "http://", "HTTPS://", "", "", ""])
                return f"{scheme}{pick(HOSTS)}.{pick(ENDINGS)}{pick(PATHS) if chance.random() < 0.7 else ''}"
            case "emoji":
                return pick(EMOJI)
            case _:
                return "".join(chance.choices(MARKS, k=chance.randint(1, 8)))

    between = [*[" "] * 12, "", "\n", ",", ".", "…"]
    return "".join(piece() + chance.choice(between) for _ in range(chance.randint(1, 14)))


@lru_cache(maxsize=1)
def judged() -> list[tuple[str, int, list[str]]]:
    """10,000 texts with the weight and the links that the library gives them."""
    chance = random.Random(20191120)
    texts = [made_up(chance) for _ in range(10_000)]
    node = ["node", "-e", JUDGE, os.path.abspath(LIBRARY)]
    answer = subprocess.run(
        node, input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=60
    )
    return [(text, *verdict) for text, verdict in zip(texts, json.loads(answer.stdout), strict=True)]


def in_doubt(text: str) -> bool:
    """Does it have an ending on which the library's list and today's differ?"""
    return any(f".{ending}" in text.lower() for ending in DOUBTFUL)


if LIBRARY:

    @pytest.mark.npm
    def test_no_text_weighs_less_than_x_says() -> None:
        assert [text for text, weight, _ in judged() if length(text, LIMITS["x"]) < weight] == []

    @pytest.mark.npm
    def test_a_text_weighs_more_only_where_an_ending_is_in_doubt() -> None:
        larger = [text for text, weight, _ in judged() if length(text, LIMITS["x"]) > weight]
        assert [text for text in larger if not in_doubt(text)] == []

    @pytest.mark.npm
    def test_links_are_those_of_x_wherever_no_ending_is_in_doubt() -> None:
        differing = [
            text
            for text, _, links in judged()
            if not in_doubt(text)
            and links != [span.text for span in urls(unicodedata.normalize("NFC", text), "x")]
        ]
        assert differing == []
