"""Rules over the two files that ship: messages.yaml and config.example.yaml.

Nothing that the campaign says may be longer than a post, or bolder than its fact sheet.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from PIL import Image

from bot.config import load
from bot.core.budget import dollars
from bot.core.figures import FIELDS, Figures
from bot.core.fit import fit
from bot.core.lint import lint
from bot.core.model import MICRO_USD, Ledger, Post
from bot.core.pictures import Look, files
from bot.core.plan import Book, agenda, plan
from bot.core.scalars import Written
from bot.core.terms import PriceList, Threads, link_rule
from bot.core.text import urls
from bot.core.written import (
    Account,
    Budget,
    CampaignInfo,
    CounterInfo,
    DeliveryRules,
    Media,
    Message,
    MilestoneRules,
    Petition,
    Rotation,
    Schedule,
    Settings,
    Web,
)
from bot.files.pictures import Album

HOUSE = Path(__file__).parents[1]
MESSAGES_YAML = (HOUSE / "messages.yaml").read_text(encoding="utf-8")
README = (HOUSE / "README.md").read_text(encoding="utf-8")
CONFIG_YAML = (HOUSE / "config.example.yaml").read_text(encoding="utf-8")
LOADED = load(HOUSE / "config.example.yaml", {})
SETTINGS, QUEUE = LOADED.usable()
MESSAGES = QUEUE.messages

PETITION = "https://www.raicestexas.org/2019/11/20/you-can-help-stop-mpp/"
LAWG = "https://www.lawg.org/a-year-of-inhumanity-restoreasylumnow/"
NNIRR = "https://nnirr.org/urgent-request-act-now-to-oppose-remain-in-mexico-program/"
WHEN = {"en": "November 2019", "es": "noviembre de 2019"}

# The fact sheet's numbers, and the date of the page. There are no others.
FIGURES = {"0.1", "500", "4000", "16000", "60000", "5", "12", "18", "20", "2019"}
ROUNDED = r"hundred|thousand|million|dozen|half|most of|cientos|miles\b|mill[oó]n|docena|mitad|mayoría"

# Every capitalized word inside a sentence: places, institutions and months, never a person.
PROPER = re.compile(
    "MPP|Migrant|Protection|Protocols|Protocolos|Protección|Migrantes|Remain|Quédate|Mexico|México|"
    "U|United|States|Estados|Unidos|November|English|Congress|Congreso|Syria|Siria|Matamoros|Nuevo|Laredo|"
    "UN|ONU|Refugee|Convention|Convención|Refugiados|Latin|America|Working|Group|"
    "National|Network|Immigrant|Rights|NNIRR|StopMPP|P|I"
)

of_each = pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.id)


def kind(*wanted: str) -> pytest.MarkDecorator:
    chosen = [message for message in MESSAGES if message.kind in wanted]
    return pytest.mark.parametrize("message", chosen, ids=lambda message: message.id)


def texts(message: Message) -> list[tuple[str, str]]:
    """All of them, those of a thread's parts included."""
    each = (part for texts in (message.text, *message.thread) for part in texts.items())
    return [(language, text) for language, variants in each for text in variants]


# --- both files as they ship -----------------------------------------------------------------


def test_nothing_is_wrong_with_the_files() -> None:
    assert [str(problem) for problem in LOADED.problems] == []


@pytest.mark.parametrize("now", [datetime(2026, 12, 1, tzinfo=UTC), datetime(2030, 6, 1, tzinfo=UTC)])
def test_nothing_is_doubtful_in_the_words_now_or_in_years(now: datetime) -> None:
    looks = {file: Album(HOUSE).look(file) for file in files(QUEUE)}
    assert lint(SETTINGS, QUEUE, {}, now, looks) == []


# --- what is there ---------------------------------------------------------------------------


def test_the_queue_is_long_enough_to_rotate_for_weeks() -> None:
    kinds = Counter(message.kind for message in MESSAGES)
    assert len(MESSAGES) >= 46
    assert kinds["fact"] >= 30
    assert kinds["story"] >= 5
    assert kinds["call"] >= 10
    assert kinds["milestone"] >= 3
    assert kinds["progress"] >= 2


def test_each_name_is_used_once_and_can_be_read_aloud() -> None:
    names = [message.id for message in MESSAGES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name) for name in names)


@of_each
def test_every_message_speaks_both_languages_alike(message: Message) -> None:
    for part in (message.text, *message.thread):
        assert set(part) == {"en", "es"}
        assert len(part["en"]) == len(part["es"])


def test_no_two_texts_are_the_same() -> None:
    everything = [text for message in MESSAGES for _, text in texts(message)]
    assert len(set(everything)) == len(everything)


def test_no_two_texts_begin_alike() -> None:
    beginnings = Counter(" ".join(text.split()[:5]) for message in MESSAGES for _, text in texts(message))
    assert [words for words, times in beginnings.items() if times > 1] == []


def test_some_messages_show_how_variants_are_written() -> None:
    assert sum(len(message.text["en"]) > 1 for message in MESSAGES) >= 3


def test_a_picture_and_a_thread_show_how_they_are_written() -> None:
    assert any(message.media for message in MESSAGES)
    assert any(message.thread for message in MESSAGES)


pictures = pytest.mark.parametrize("media", [each for message in MESSAGES for each in message.media], ids=str)


@pictures
def test_a_picture_is_there_small_and_our_own(media: Media) -> None:
    look = Album(HOUSE).look(media.file)
    assert isinstance(look, Look), look
    assert media.file.startswith("media/")
    assert look.size < 100_000


@pictures
def test_a_picture_says_what_it_shows_in_both_languages(media: Media) -> None:
    assert set(media.alt) == {"en", "es"}
    told = [figures(text) for variants in media.alt.values() for text in variants]
    assert told[0] == told[1] <= FIGURES
    assert all(50 < len(text) < 500 for variants in media.alt.values() for text in variants)


def test_the_picture_of_one_square_for_each_person_counts_right() -> None:
    with Image.open(HOUSE / "media" / "one-square-one-person.png") as image:
        colours = {colour: amount // 9 for amount, colour in image.convert("RGB").getcolors() or ()}
    del colours[(248, 250, 252)]
    assert sorted(colours.values()) == [500, 4_000 - 500, 16_000 - 4_000, 60_000 - 16_000]


def test_the_ways_to_help_are_all_there() -> None:
    calls = [message.id for message in MESSAGES if message.kind == "call"]
    assert {name.split("-")[0] for name in calls} == {"sign", "share", "write", "follow"}


def test_both_demands_are_told() -> None:
    english = " ".join(text for message in MESSAGES for language, text in texts(message) if language == "en")
    assert "Congress de-fund MPP" in english
    assert "Mexico's president" in english


# --- what may be said ------------------------------------------------------------------------


@kind("fact")
def test_a_fact_has_its_source_and_its_day(message: Message) -> None:
    assert message.source == PETITION
    assert message.as_of == date(2019, 11, 20)


@kind("fact")
def test_a_fact_says_when_it_was_true(message: Message) -> None:
    assert [text for language, text in texts(message) if WHEN[language] not in text] == []


def figures(text: str) -> set[str]:
    """The numbers of a text, plain: 60,000 and 60 mil are both 60000."""
    found = re.findall(r"(\d[\d.,]*\d|\d)( mil\b)?", text)
    return {digits.replace(",", "") + ("000" if thousand else "") for digits, thousand in found}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("more than 60,000 people", {"60000"}),
        ("más de 60 mil personas", {"60000"}),
        ("0.1%. On 20 November 2019.", {"0.1", "20", "2019"}),
    ],
)
def test_numbers_are_compared_as_numbers(text: str, numbers: set[str]) -> None:
    assert figures(text) == numbers


@of_each
def test_no_figure_is_told_that_the_fact_sheet_does_not_have(message: Message) -> None:
    for _, text in texts(message):
        assert figures(text) <= FIGURES, text
        assert not re.search(ROUNDED, text), text


@of_each
def test_where_one_language_gives_a_figure_the_other_gives_it_too(message: Message) -> None:
    for part in (message.text, *message.thread):
        for english, spanish in zip(part["en"], part["es"], strict=True):
            assert figures(english) == figures(spanish)


def proper_words(text: str) -> set[str]:
    """Capitalized words that do not begin a sentence or a quotation."""
    inside = r"""(?<!^)(?<![.?!:] )(?<![.?!]" )(?<!["¿¡(])(?<!\w)(?<!\w\.)[A-ZÁÉÍÓÚÑ]\w*"""
    return set(re.findall(inside, text))


def test_a_name_would_be_noticed() -> None:
    assert proper_words("It was signed by Ana Gil in the U.S. The rest is known.") == {"Ana", "Gil", "U"}


@of_each
def test_no_person_is_named(message: Message) -> None:
    words = {word for _, text in texts(message) for word in proper_words(text)}
    assert [word for word in words if not PROPER.fullmatch(word)] == []


@of_each
def test_what_the_petition_claims_about_others_is_said_to_be_its_claim(message: Message) -> None:
    said = {"en": "petition's authors wrote", "es": "escribieron los autores de la petición"}
    claims = ("0.1%", "organized crime", "crimen organizado", "takes care", "atiende a")
    for language, text in texts(message):
        if any(claim in text for claim in claims):
            assert said[language] in text


@kind("story")
def test_a_story_has_one_of_the_two_links(message: Message) -> None:
    assert message.link in {LAWG, NNIRR}


@kind("story")
def test_the_call_of_2019_is_linked_as_a_record_of_its_time(message: Message) -> None:
    if message.link == NNIRR:
        assert all(WHEN[language] in text for language, text in texts(message))
        assert all(re.search("record|registro|documento", text) for _, text in texts(message))


def test_both_stories_are_told() -> None:
    assert {message.link for message in MESSAGES if message.kind == "story"} == {LAWG, NNIRR}


# --- how it is written -----------------------------------------------------------------------


@of_each
def test_links_and_mentions_are_left_to_the_bot(message: Message) -> None:
    for _, text in texts(message):
        assert not re.search(r"https?:|www\.|@|\w\.[^\W\d_]{2}", text), text


@of_each
def test_a_text_is_clean(message: Message) -> None:
    for _, text in texts(message):
        assert text == " ".join(text.split())
        assert text[-1] in ".?!"
        assert not re.search(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\ufffd…]", text)


@of_each
def test_spanish_opens_its_questions_and_shouts(message: Message) -> None:
    for text in spanish(message):
        assert text.count("¿") == text.count("?")
        assert text.count("¡") == text.count("!")


@of_each
def test_spanish_says_usted(message: Message) -> None:
    familiar = r"\b(tú|tu|tus|ti|contigo|vos|vosotros|os|haz|ayúdanos|quieres|puedes|crees|vives)\b"
    assert not re.search(familiar, " ".join(spanish(message)).lower())


def spanish(message: Message) -> list[str]:
    return [text for language, text in texts(message) if language == "es"]


@kind("fact", "story", "call")
def test_only_templates_have_fields(message: Message) -> None:
    assert not any("{" in text for _, text in texts(message))


@kind("milestone", "progress")
def test_a_template_uses_known_fields(message: Message) -> None:
    for _, text in texts(message):
        used = set(re.findall(r"\{(\w*)\}", text))
        assert used
        assert used <= set(FIELDS)


@kind("milestone")
def test_a_milestone_names_the_number_that_was_reached(message: Message) -> None:
    assert all("{milestone}" in text for _, text in texts(message))


@kind("milestone")
def test_a_milestone_is_also_true_beyond_the_goal(message: Message) -> None:
    assert not any(re.search(r"\{(to_go|percent)\}", text) for _, text in texts(message))


def test_texts_are_written_in_block_style() -> None:
    root = yaml.compose(MESSAGES_YAML, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    styles = [leaf.style for entry in root.value[0][1].value for leaf in leaves(field(entry, "text"))]
    assert set(styles) == {">"}


def field(entry: yaml.Node, name: str) -> yaml.Node:
    assert isinstance(entry, yaml.MappingNode)
    values: dict[str, yaml.Node] = {key.value: value for key, value in entry.value}
    return values[name]


def leaves(node: yaml.Node) -> list[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        return [node]
    below = [value for _, value in node.value] if isinstance(node, yaml.MappingNode) else node.value
    return [leaf for child in below for leaf in leaves(child)]


@pytest.mark.parametrize(("shipped", "schema"), [(MESSAGES_YAML, "messages"), (CONFIG_YAML, "config")])
def test_an_editor_finds_the_schema(shipped: str, schema: str) -> None:
    assert shipped.startswith(f"# yaml-language-server: $schema=schema/{schema}.schema.json\n")


@pytest.mark.parametrize("shipped", [MESSAGES_YAML, CONFIG_YAML], ids=["messages", "config"])
def test_a_file_to_edit_has_no_tabs_and_no_long_lines(shipped: str) -> None:
    assert "\t" not in shipped
    assert [line for line in shipped.splitlines() if len(line) > 120 or line != line.rstrip()] == []


# --- how it goes out -------------------------------------------------------------------------

LATE_IN_THE_CAMPAIGN = Figures(signatures=1_234_567, goal=2_345_678, milestone=1_230_000)


def posts(message: Message) -> list[Post]:
    """Every post that the shipped accounts make of a message, in each of their languages and variants."""
    made = [
        fit(message, account, SETTINGS, language, variant, figures=LATE_IN_THE_CAMPAIGN)
        for account in SETTINGS.accounts
        for language in ("en", "es")
        for variant in range(len(message.text[language]))
    ]
    assert all(isinstance(post, Post) for post in made), made
    return [post for post in made if isinstance(post, Post)]


@of_each
def test_every_text_fits_every_network_in_both_languages(message: Message) -> None:
    for post in posts(message):
        assert post.length <= post.limit, (post.network, post.language, post.length, post.limit)


@of_each
def test_every_post_ends_with_the_petition_and_carries_the_hashtag_once(message: Message) -> None:
    for post in posts(message):
        assert post.parts[-1].rsplit("\n", 1)[-1].startswith(PETITION)
        assert "".join(post.parts).count("#StopMPP") == 1


@kind("story")
def test_a_story_shows_its_own_link_before_the_petition(message: Message) -> None:
    for post in posts(message):
        assert f"\n{message.link}\n{PETITION}" in post.parts[-1]


@of_each
def test_no_word_became_a_link_by_accident(message: Message) -> None:
    for post in posts(message):
        found = [len(urls(part, post.network)) for part in post.parts]
        assert found == [*[0] * (len(found) - 1), 2 if message.kind == "story" else 1]


def cost(days: int, links: str = "always") -> int:
    """Micro-dollars of so many days on X from a first start, for the shipped files with other links."""
    accounts = [
        account.model_copy(update={"links": link_rule(links)}) if account.id == "x" else account
        for account in SETTINGS.accounts
    ]
    book = Book(SETTINGS.model_copy(update={"accounts": tuple(accounts)}), QUEUE)
    start = datetime(2026, 12, 1, 6, tzinfo=UTC)
    slots = (slot for slot in agenda(book, start, start + timedelta(days)) if slot.account == "x")
    return sum(row.post.cost for row in plan(book, Ledger(), slots, book.figures(None)) if row.post)


def test_the_longest_month_on_x_stays_within_its_budget() -> None:
    x = SETTINGS.account("x")
    dearest = max(post.cost for message in MESSAGES for post in posts(message) if post.network == "x")
    assert f"${cost(31) / MICRO_USD:.2f}" in CONFIG_YAML
    assert x.budget.usd_per_month is not None
    assert 31 * len(x.schedule.at) * dearest / MICRO_USD < x.budget.usd_per_month


def test_readme_says_what_the_shipped_schedule_costs() -> None:
    rules = {rule: dollars(cost(30, rule)) for rule in ("always", "story", "every 3 posts")}
    said = ", ".join(f"{rule} {price}" for rule, price in rules.items())
    assert f"The same span by the rule for links: {said}." in README
    row = next(line for line in README.splitlines() if "(as shipped)" in line)
    wanted = [cost(31, rule) / MICRO_USD for rule in ("always", "every 3 posts", "story", "never")]
    told = [float(price) for price in re.findall(r"\$([\d.]+)", row)]
    assert told == pytest.approx(wanted, abs=0.05)


# --- the settings ----------------------------------------------------------------------------

ROOMS = (
    CampaignInfo,
    Petition,
    CounterInfo,
    MilestoneRules,
    Rotation,
    Account,
    Schedule,
    Budget,
    DeliveryRules,
    PriceList,
    Threads,
)


@pytest.mark.parametrize("room", [*ROOMS, Web, Settings], ids=lambda room: room.__name__)
def test_the_example_names_every_setting(room: type[Written]) -> None:
    named = set(re.findall(r"(?m)^\s*(?:# |- )*(\w+):", CONFIG_YAML)) | set(
        re.findall(r"[{,] ?(\w+):", CONFIG_YAML)
    )
    assert set(room.model_fields) - named == set()


def unused() -> dict[str, str]:
    """The settings that stand in the example behind a #, with the values shown for them."""
    lines = re.findall(r"(?m)^\s*# (\w+: \S.*)$", CONFIG_YAML)
    shown = [
        yaml.safe_load(line) for line in lines if re.match(r"[a-z_]+: (\"|https?:|[\w./-]+( +#|$))", line)
    ]
    return {key: value for each in shown for key, value in each.items()}


def test_the_settings_not_in_use_are_right_when_the_mark_is_taken_away() -> None:
    shown = unused()
    counter = CounterInfo.model_validate({key: shown[key] for key in CounterInfo.model_fields})
    assert (counter.kind, counter.path) == ("json", "data.attributes.signature_count")
    assert Schedule.model_validate({"cron": shown["cron"]})
    assert Petition.model_validate({"url": PETITION, "closes": shown["closes"]})
    x = {"id": "x", "network": "x", "schedule": {"at": ["09:00"]}}
    assert Account.model_validate(x | {key: shown[key] for key in ("api_url", "timezone")})


def test_the_example_is_this_campaign() -> None:
    assert SETTINGS.petition.url == PETITION
    assert SETTINGS.campaign.timezone == "America/Chicago"
    assert [account.network for account in SETTINGS.accounts] == ["x", "mastodon", "bluesky"]
    assert [SETTINGS.languages(account) for account in SETTINGS.accounts] == [
        ("en",),
        ("en", "es"),
        ("en", "es"),
    ]


def test_no_secret_stands_in_a_file_that_is_shared() -> None:
    assert not re.search(r"(?m)^[^#]*(api_key|secret|token|password)", CONFIG_YAML)


def test_every_kind_in_the_mix_has_messages_that_outlast_the_cooldown() -> None:
    """With as many turns as the busiest account has in one cooldown, nothing has to wait for a repeat."""
    a_day = max(len(account.schedule.at) or 4 for account in SETTINGS.accounts)
    turns = a_day * (SETTINGS.rotation.cooldown // timedelta(days=1))
    mix = Counter(SETTINGS.rotation.mix)
    for each, share in mix.items():
        there = sum(message.kind == each for message in MESSAGES)
        assert there > turns * share / len(SETTINGS.rotation.mix), each
