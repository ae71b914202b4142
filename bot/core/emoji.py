"""Which runs of code points are one emoji, of those that Unicode recommends for general use (RGI).

A pattern, and nothing that uses it. It knows the sequences alone, up to Emoji 17: what people join
beyond them is several emoji to X. Source: https://www.unicode.org/reports/tr51/#def_rgi_set
"""

from __future__ import annotations

JOINER = "\u200d"
"""Zero width joiner: makes one emoji of several."""

PICTURE = "\ufe0f"
"""Variation selector 16: show as a picture what would else be a letter."""

_SKIN = "[\U0001f3fb-\U0001f3ff]"
_ADULT = "[👨👩🧑]"
_WORK = "[🌾🍳🍼🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦰🦱🦲🦳]"
_AID = "[🦯🦼🦽]"
_HEADING = f"(?:{JOINER}➡{PICTURE})"
_GENDER = f"{JOINER}[♀♂]{PICTURE}"
_WITH_SKIN = "[🏄🏊👮👯👰👱👳👷💁💂💆💇🙅🙆🙇🙋🙍🙎🚣🚴🚵🤦🤵🤷🤸🤹🤼🤽🤾🦸🦹🧍🧏🧔🧖🧗🧘🧙🧚🧛🧜🧝]"
_BETWEEN = f"(?:❤{PICTURE}{JOINER}(?:💋{JOINER})?|[🤝🐰\U0001faef]{JOINER})"

_FAMILY = (
    f"(?:👨{JOINER}(?:[👨👩]{JOINER})?|👩{JOINER}(?:👩{JOINER})?)(?:👦(?:{JOINER}👦)?|👧(?:{JOINER}[👦👧])?)"
    f"|🧑{JOINER}(?:🧑{JOINER})?🧒(?:{JOINER}🧒)?"
)
_PAIR = (
    f"[👨👩]{JOINER}{_BETWEEN}[👨👩]|[👨👩]{_SKIN}{JOINER}{_BETWEEN}[👨👩]{_SKIN}"
    f"|🧑{JOINER}{_BETWEEN}🧑|🧑{_SKIN}{JOINER}{_BETWEEN}🧑{_SKIN}"
)
_PEOPLE = (
    f"{_ADULT}{_SKIN}?{JOINER}(?:{_WORK}|[⚕⚖✈]{PICTURE}|{_AID}{_HEADING}?)|🧑{_SKIN}?{JOINER}[🎄🩰]"
    f"|[🏃🚶🧎]{_SKIN}?(?:{_GENDER}{_HEADING}?|{_HEADING})"
    f"|{_WITH_SKIN}{_SKIN}?{_GENDER}|[🧞🧟]{_GENDER}|[⛹🏋🏌🕵](?:{PICTURE}|{_SKIN}){_GENDER}"
    f"|🫱{_SKIN}{JOINER}🫲{_SKIN}"
)
_THINGS = (
    "⛓'+💥 ❤'+🔥 ❤'+🩹 🍄+🟫 🍋+🟩 🏳'+⚧' 🏳'+🌈 🏴+☠' 🐈+⬛ 🐕+🦺 🐦+⬛ 🐦+🔥 "
    "🐻+❄' 👁'+🗨' 😮+💨 😵+💫 😶+🌫' 🙂+↔' 🙂+↕'"
)
"""The other joined ones, + for the joiner and ' for the selector, which no editor shows."""


def _indicators(letters: str) -> str:
    return "".join(chr(ord(letter) + 0x1F1E6 - ord("A")) for letter in letters)


_REGIONS = (
    "CDEFGILMOQRSTUWXZ ABDEFGHIJLMNOQRSTVWYZ ACDFGHIKLMNOPQRUVWXYZ EGJKMOZ ACEGHRSTU IJKMOR "
    "ABDEFGHILMNPQRSTUWY KMNRTU CDELMNOQRST EMOP EGHIMNPRWYZ ABCIKRSTUVY ACDEFGHKLMNOPQRSTUVWXYZ "
    "ACEFGILOPRUZ M AEFGHKLMNRSTWY A EOSUW ABCDEGHIJKLMNORSTVXYZ ACDFGHJKLMNORTVWZ AGMNSYZ "
    "ACEGINU FS K ET AMW"
)
"""Per first letter of a country's code, A to Z: the second letters that make a flag."""

_FLAGS = "|".join(
    f"{_indicators(chr(ord('A') + place))}[{_indicators(second)}]"
    for place, second in enumerate(_REGIONS.split())
)
_TAGGED = "🏴\U000e0067\U000e0062(?:{})\U000e007f".format(
    "|".join("".join(chr(0xE0000 + ord(letter)) for letter in nation) for nation in ("eng", "sct", "wls"))
)
_JOINED = _THINGS.replace(" ", "|").replace("+", JOINER).replace("'", PICTURE)
_STANDARD = "⌚⌛◽◾☔☕♈-♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽❗⬛⬜⭐⭕🀄🈚🈯"
"""Pictures anyway, but people's keyboards add the selector, and X counts both as one."""

SEQUENCE = (
    f"{_FAMILY}|{_PAIR}|{_PEOPLE}|{_JOINED}|{_TAGGED}|{_FLAGS}|[0-9#*]{PICTURE}?\u20e3"
    rf"|\p{{Emoji_Modifier_Base}}(?:(?<=\P{{Emoji_Presentation}}){PICTURE})?{_SKIN}"
    rf"|(?:[\p{{Emoji}}--\p{{Emoji_Presentation}}--[0-9#*]]|[{_STANDARD}]){PICTURE}"
)
"""One emoji made of several code points; for the `regex` module with V1 sets, longest first."""

GLUE = f"[{PICTURE}{JOINER}\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
"""A text without any of these has no such sequence."""
