"""Rules on the letters of one text: damage, invisible characters, leftovers of HTML, unknown fields.

A rule here knows no network. It never mends anything: a text is posted as written or not at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html.entities import html5

from bot.core.figures import FIELD, FIELDS, fields, plurals
from bot.core.lint.passages import Desk, Finding, Passage
from bot.core.text import normalized
from bot.core.written import did_you_mean

TEMPLATES = ("milestone", "progress")
NEEDS_GOAL = ("goal", "to_go", "percent")

_HIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u115f\u1160\u180e\u200b\u2028\u2029\u2060-\u2064\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_BIDI = "\u202a-\u202e\u2066-\u2069"
_JOINERS = "\u200c\u200d"
_LATIN = "A-Za-z\u00c0-\u024f"
_TAGS = "\U000e0000-\U000e007f"
_UNSEEN = re.compile(f"[{_HIDDEN}{_BIDI}{_JOINERS}{_TAGS}]")
ODD = re.compile(f"[{_HIDDEN}{_BIDI}{_JOINERS}{_TAGS}\ufffd\ud800-\udfff]")
"""One look that most texts pass; the rules below then look for their own."""

_INVISIBLE = re.compile(
    f"[{_HIDDEN}]"
    # Joiners belong into emoji and into other scripts; beside Latin letters they are left-overs.
    rf"|(?<=[{_LATIN}])[{_JOINERS}]|[{_JOINERS}](?=[{_LATIN}])"
    # Tag letters belong behind a black flag, where they make the flag of a region.
    rf"|(?<![\U0001f3f4{_TAGS}])[{_TAGS}]"
)


def empty(passage: Passage, desk: Desk) -> Iterator[Finding]:
    if not _UNSEEN.sub("", normalized(passage.text)).strip():
        yield passage.error(
            "empty", "has nothing in it that can be seen: write the text, or delete the entry"
        )


def damaged(passage: Passage, desk: Desk) -> Iterator[Finding]:
    if found := re.search("\ufffd", passage.text):
        yield passage.error(
            "damaged", f"has lost a letter at \ufffd (U+FFFD){_place(found)}: type the right one again"
        )


def surrogate(passage: Passage, desk: Desk) -> Iterator[Finding]:
    if found := re.search("[\ud800-\udfff]", passage.text):
        half = f"half an emoji (U+{ord(found[0]):04X}){_place(found)}"
        yield passage.error("surrogate", f"has {half}: type the emoji itself instead of its \\u escapes")


def bidi(passage: Passage, desk: Desk) -> Iterator[Finding]:
    if found := re.search(f"[{_BIDI}]", passage.text):
        yield passage.warning(
            "bidi",
            f"has a {_name(found[0])}{_place(found)}, which changes the order in which letters are shown: "
            "delete it; Arabic and Hebrew need none",
        )


def invisible(passage: Passage, desk: Desk) -> Iterator[Finding]:
    if found := _INVISIBLE.search(passage.text):
        yield passage.warning(
            "invisible", f"has a {_name(found[0])}{_place(found)}, which nobody sees: type that word again"
        )


def _name(character: str) -> str:
    known = {"\ufeff": "byte order mark"}
    name = known.get(character) or unicodedata.name(character, "control character").lower()
    return f"{name} (U+{ord(character):04X})"


def _place(found: re.Match[str]) -> str:
    """` after "signa"`: where to look, in what can be shown of the letters before."""
    before = "".join(filter(str.isprintable, found.string[: found.start()]))[-12:].strip()
    return f' after "{before}"' if before else " at its start"


# --- read with the wrong encoding ------------------------------------------------------------

_HIGH = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_PAIRS = re.compile(
    r"Ã[\x80-\x9f\xa0¡-ª¬-º¼-¿‘“‰šœ€‚ƒ„…†‡ˆ‹•˜™›žŸ]"  # not » ” ’ – —: they may follow MANHÃ
    r"|Â[\xa0¡-ª¬-º¿]|â€|â‚¬|â„¢|â†’|ðŸ"
    rf"|(?:[ÐÑØÙÚÛ×][{_HIGH}]){{2}}"
)


def double_encoded(passage: Passage, desk: Desk) -> Iterator[Finding]:
    if found := _PAIRS.search(passage.text):
        yield passage.warning(
            "double-encoding",
            f'has "{found[0]}"{_place(found)}, which is what one letter becomes in the wrong encoding: '
            "type the word again, and save the file as UTF-8",
        )


# --- HTML and fields -------------------------------------------------------------------------

_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_ELEMENT = re.compile(r"</?(?:a|b|br|div|em|i|li|p|span|strong|ul)(?:\s[^<>]*)?/?>", re.IGNORECASE)


def html(passage: Passage, desk: Desk) -> Iterator[Finding]:
    found = [e for e in _ENTITY.findall(passage.text) if e[1] == "#" or e[1:] in html5]
    found += _ELEMENT.findall(passage.text)
    if found:
        shown = ", ".join(dict.fromkeys(found))
        yield passage.warning(
            "html", f"looks like HTML, and {shown} would be posted to the letter: type the character itself"
        )


_BRACES = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def unknown_fields(passage: Passage, desk: Desk) -> Iterator[Finding]:
    """`{signature}`, and `{ signatures }` or `{signatures:,}` too, which would be posted as they are."""
    for inside in _BRACES.findall(passage.text):
        word, name = _WORD.search(inside), inside.partition("|")[0]
        if word and name not in FIELDS and (word[0] == name or word[0] in FIELDS):
            yield passage.error("unknown-field", f"has {{{inside}}}, which is no field; {_meant(word[0])}")
            return


def _meant(word: str) -> str:
    close = did_you_mean(word, FIELDS).removeprefix("; did you mean ").removesuffix("?")
    return f"did you mean {{{close}}}?" if close else f"the fields are {_braced(FIELDS)}"


def fields_without_value(passage: Passage, desk: Desk) -> Iterator[Finding]:
    """Fields that will have no number when this message goes out."""
    used = [name for name in dict.fromkeys(fields(passage.text)) if name in FIELDS]
    if "milestone" in used and passage.message.kind not in TEMPLATES:
        yield passage.error(
            "milestone-field",
            "says {milestone}, which only a message of kind milestone knows: write {signatures} instead",
        )
    missing = [name for name in used if name in NEEDS_GOAL]
    if missing and not desk.settings.petition.goal:
        yield passage.error(
            "no-goal",
            f"says {_braced(missing)}, and the petition has no goal: set petition.goal in the config",
        )


def plural_forms(passage: Passage, desk: Desk) -> Iterator[Finding]:
    """`{signatures|person|people}`: as many forms as the language has."""
    for field in FIELD.finditer(passage.text):
        given, wanted = field[2], plurals(passage.language)
        if given is not None and field[1] in FIELDS and given.count("|") + 1 != len(wanted):
            numbers = ", ".join(f"one for {number}" for number in wanted.values())
            yield passage.error(
                "plural-forms",
                f"says {field[0]}, and {passage.language} has {len(wanted)} forms: {numbers}; "
                "write them in this order, with | before each",
            )
            return


def _braced(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
