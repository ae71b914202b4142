"""Why a post goes out or not, in the language of the page. In English it is what core/ says, to the letter.

It knows the reasons that stand on every page; one that it does not know stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.web.language import _

Said = Callable[[re.Match[str]], str]

BETWEEN = "; "
"""What stands between two reasons."""


def reason(words: str) -> str:
    """The same reason, or the same reasons, as the page speaks."""
    return BETWEEN.join(_one(part) for part in words.split(BETWEEN))


def _one(words: str) -> str:
    for pattern, said in RULES:
        if found := pattern.fullmatch(words):
            return said(found)
    return words


def _kind(name: str) -> str:
    known = {"fact": _("fact"), "story": _("story"), "call": _("call"), "update": _("update")}
    return known.get(name, name)


def _kinds(names: str) -> str:
    return ", ".join(_kind(name) for name in names.split(", "))


def _in_the_mix(found: re.Match[str]) -> str:
    kind = _kind(found["kind"])
    return _("%(kind)s is number %(n)s of %(all)s in the mix", kind=kind, n=found["n"], all=found["all"])


def _instead(found: re.Match[str]) -> str:
    kind, wanted = _kind(found["kind"]), _kind(found["wanted"])
    return _("no %(wanted)s may go out now, so the next kind of the mix, %(kind)s", kind=kind, wanted=wanted)


def _waited(found: re.Match[str]) -> str:
    day, weight = found["day"], found["weight"]
    if weight:
        return _("it has waited longest (last on %(day)s, weight %(weight)s)", day=day, weight=weight)
    return _("it has waited longest (last on %(day)s)", day=day)


RULES: tuple[tuple[re.Pattern[str], Said], ...] = tuple(
    (re.compile(pattern, re.DOTALL), said)
    for pattern, said in (
        (r"(?P<kind>\w+) is number (?P<n>\d+) of (?P<all>\d+) in the mix", _in_the_mix),
        (r"no (?P<wanted>\w+) may go out now, so the next kind of the mix, (?P<kind>\w+)", _instead),
        (r"next in the rotation", lambda found: _("next in the rotation")),
        (r"not posted here yet", lambda found: _("not posted here yet")),
        (r"it has waited longest \(last on (?P<day>[\d-]+)(?:, weight (?P<weight>\d+))?\)", _waited),
        (r"chosen by (?P<who>.+)", lambda found: _("chosen by %(who)s", who=found["who"])),
        (r"left out by (?P<who>.+)", lambda found: _("left out by %(who)s", who=found["who"])),
        (
            r"nothing to post: no (?P<kinds>.+) may go out at this time",
            lambda found: _(
                "nothing to post: no %(kinds)s may go out at this time", kinds=_kinds(found["kinds"])
            ),
        ),
    )
)
