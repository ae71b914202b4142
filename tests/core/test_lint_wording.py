"""Letters: damage and left-overs are named, and nothing that people rightly write is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.findings import check, codes, message, settings, the

CLEAN = [
    "R&D < salud, 3 > 2 & más",
    "L’été, 50 % – bien sûr ! « oui »",
    "¿Sí? ¡No! 1.ª y 2.º, 10\u00a0000, 5\u202f%",
    "SÃO PAULO, CITAÇÃO, «MANHû, “AMANHÔ, ROMÂNIA",
    "Økonomi på Ærø, a×b×c",
    "وقّع العريضة #حقوق",
    "חתמו עכשיו #זכויות",
    "می\u200cخواهم امضا کنم",
    "क्\u200dष ශ්\u200dරී",
    "👩\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "Two\nlines,\ta tab.",
    "It cost $5 and {} or {2019}, e.g. at 9.30 a.m.",
]


@pytest.mark.parametrize("text", CLEAN)
def test_what_people_rightly_write_is_not_flagged(text: str) -> None:
    assert codes(message(text)) == []


@pytest.mark.parametrize(
    ("text", "code", "severity", "named"),
    [
        ("m\ufffds", "damaged", "error", 'U+FFFD) after "m"'),
        ("\ud83d\ude00 hi", "surrogate", "error", "U+D83D"),
        ("\u200b\u2060", "empty", "error", "nothing in it that can be seen"),
        ("signa\u202eture", "bidi", "warning", 'right-to-left override (U+202E) after "signa"'),
        ("\u2067x\u2069", "bidi", "warning", "right-to-left isolate (U+2067) at its start"),
        ("te\u200bxt", "invisible", "warning", "zero width space (U+200B)"),
        ("te\u00adxt", "invisible", "warning", "soft hyphen (U+00AD)"),
        ("text\ufeff", "invisible", "warning", "byte order mark (U+FEFF)"),
        ("te\u200dxt", "invisible", "warning", "zero width joiner (U+200D)"),
        ("ring\x07", "invisible", "warning", "control character (U+0007)"),
        ("flag \U000e0067", "invisible", "warning", "U+E0067"),
        ("maÃ±ana", "double-encoding", "warning", '"Ã±" after "ma"'),
        ("cafÃ©", "double-encoding", "warning", '"Ã©"'),
        ("lâ€™aigua", "double-encoding", "warning", '"â€"'),
        ("Â¿QuÃ©?", "double-encoding", "warning", '"Â¿"'),
        ("ðŸ’œ", "double-encoding", "warning", '"ðŸ"'),
        ("Ð¿Ñ€Ð¸", "double-encoding", "warning", "UTF-8"),
        ("Ø§Ù„Ø¹", "double-encoding", "warning", "UTF-8"),
        ("R&amp;D &lt; salud", "html", "warning", "looks like HTML, and &amp;, &lt;"),
        ("the code &nbsp; or &#8217;", "html", "warning", "&nbsp;, &#8217;"),
        ("<b>now</b>", "html", "warning", "<b>, </b>"),
    ],
)
def test_damage_is_named_with_its_place(text: str, code: str, severity: str, named: str) -> None:
    found = the(code, message(text))
    assert found.severity == severity
    assert named in found.message


def test_a_lone_surrogate_harms_no_other_rule() -> None:
    assert codes(message("\ud83d " + "x" * 300)) == ["surrogate", "too-long"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{signature} people", "has {signature}, which is no field; did you mean {signatures}?"),
        ("{Signatures} people", "did you mean {signatures}?"),
        ("{ signatures } people", "did you mean {signatures}?"),
        ("{signatures:,} people", "did you mean {signatures}?"),
        ("{percentage} done", "did you mean {percent}?"),
        ("{n} people", "the fields are {signatures}, {milestone}, {goal}, {to_go}, {percent}, {to_next}"),
    ],
)
def test_an_unknown_field_gets_a_guess(text: str, said: str) -> None:
    found = the("unknown-field", message(text))
    assert found.severity == "error"
    assert said in found.message


@pytest.mark.parametrize("kind", ["fact", "story", "call", "update"])
def test_a_milestone_belongs_into_its_templates(kind: str) -> None:
    given = message("{milestone} signatures", kind=kind, source="https://example.org/a", as_of="2020-01-01")
    assert the("milestone-field", given).severity == "error"


def test_a_milestone_template_may_say_every_field() -> None:
    every = message("{signatures} {milestone} {goal} {to_go} {percent}", kind="milestone")
    assert codes(every, petition={"milestones": {"thresholds": [1000]}}) == [
        "no-milestone-template"  # the one in English says nothing in Spanish
    ]


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "{signatures} {signatures|person|people}", None),
        ("es", "{to_go|Falta|Faltan} {to_go} {to_go|firma|firmas}", None),
        ("pl", "{signatures} {signatures|podpis|podpisy|podpisów}", None),
        ("en", "signature{signatures||s}", None),
        ("en", "{signatures|people}", "en has 2 forms: one for 1, one for 2;"),
        ("pl", "{signatures|podpis|podpisy}", "pl has 3 forms: one for 1, one for 2, one for 5;"),
        ("ar", "{signatures|a|b}", "ar has 6 forms: one for 0, one for 1, one for 2, one for 3, one for 11"),
    ],
)
def test_words_that_go_with_a_number_have_all_their_forms(language: str, text: str, said: str | None) -> None:
    found = [each for each in check(message({language: text})) if each.code == "plural-forms"]
    assert [(each.severity, said in each.message) for each in found if said] == [("error", True)] * bool(said)
    assert bool(found) == bool(said)


def test_a_typo_before_plural_forms_is_an_unknown_field() -> None:
    assert "did you mean {signatures}?" in the("unknown-field", message("{signature|a|b}")).message


def test_goal_fields_need_a_goal() -> None:
    text = "{percent} %, {to_go} of {goal} to go, {signatures} signed"
    found = the("no-goal", message(text), petition={"goal": None})
    assert "{percent}, {to_go}, {goal}, and the petition has no goal" in found.message
    assert codes(message(text)) == []


def test_a_place_is_the_way_to_the_text() -> None:
    def place(**given: Any) -> tuple[str | int, ...]:
        return the("damaged", message(), message(**given)).loc

    assert place(text="\ufffd") == ("messages", 1, "text")
    assert place(text=["good", "\ufffd"]) == ("messages", 1, "text", 1)
    assert place(text={"es": "\ufffd"}) == ("messages", 1, "text", "es")
    assert place(text={"en": "good", "es": ["good too", "\ufffd"]}) == ("messages", 1, "text", "es", 1)
    assert place(text="good", per={"x": {"text": "\ufffd"}}) == ("messages", 1, "per", "x", "text")
    assert place(text="good", content_warning="\ufffd") == ("messages", 1, "content_warning")


def test_the_sentence_says_which_text_of_several() -> None:
    found = the("damaged", message({"es": ["bien", "m\ufffds"]}))
    assert found.message.startswith("message one (es, text 2) has lost a letter")


def test_findings_come_in_the_order_of_the_file() -> None:
    found = check(message("a\u200b \ufffd"), message({"es": "\ufffd", "en": "\ufffd"}))
    assert found == sorted(found)
    assert [finding.loc[1] for finding in found] == [0, 0, 1, 1]


def test_texts_of_a_draft_are_read_too() -> None:
    assert "damaged" in codes(message("\ufffd", draft=True))


def test_the_small_campaign_itself_is_clean() -> None:
    assert settings().petition.goal == 100_000
    assert codes(message({"en": "Sign for the library.", "es": "Firme por la biblioteca."})) == []
