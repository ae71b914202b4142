"""X's own test data for its rules on texts, where it is at hand (it cannot be shipped with this).

Looked for in the folder that PETITION_BOT_CONFORMANCE names, else beside the project. Of the two
emoji cases left out, the data of 2017 says that a joined emoji weighs the sum of its parts.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.text import LIMITS, hashtags, length, mentions, urls

BESIDE = Path(__file__).parents[2].parent / "shared" / "conformance"
FOLDER = Path(os.environ.get("PETITION_BOT_CONFORMANCE", BESIDE))
BEFORE_EMOJI_CLUSTERS = (
    "Count a mix of single byte single word, and double word unicode characters",
    "Count unicode emoji chars outside the basic multilingual plane with skin tone modifiers",
)


def cases(file: str, *groups: str) -> list[Any]:
    tests = yaml.safe_load((FOLDER / file).read_text("utf-8"))["tests"]
    return [pytest.param(case, id=case["description"]) for group in groups for case in tests[group]]


if FOLDER.is_dir():
    COUNTED = [
        *cases(
            "validate.yml",
            "WeightedTweetsWithDiscountedEmojiCounterTest",
            "UnicodeDirectionalMarkerCounterTest",
        ),
        *(
            case
            for case in cases("validate.yml", "WeightedTweetsCounterTest")
            if case.id not in BEFORE_EMOJI_CLUSTERS
        ),
    ]
    LINKED = cases("extract.yml", "urls", "tco_urls_with_params")

    @pytest.mark.parametrize("case", COUNTED)
    def test_a_text_weighs_what_x_says(case: dict[str, Any]) -> None:
        assert length(case["text"], LIMITS["x"]) == case["expected"]["weightedLength"]

    @pytest.mark.parametrize("case", LINKED)
    def test_the_links_are_those_that_x_makes(case: dict[str, Any]) -> None:
        assert [span.text for span in urls(case["text"], "x")] == case["expected"]

    @pytest.mark.parametrize(
        "case", cases("extract.yml", "urls_with_indices", "urls_with_directional_markers")
    )
    def test_the_links_stand_where_x_finds_them(case: dict[str, Any]) -> None:
        found = [{"url": span.text, "indices": [span.start, span.end]} for span in urls(case["text"], "x")]
        assert found == case["expected"]

    @pytest.mark.parametrize("case", cases("extract.yml", "mentions"))
    def test_the_mentions_are_those_that_x_makes(case: dict[str, Any]) -> None:
        assert list(mentions(case["text"], "x")) == case["expected"]

    @pytest.mark.parametrize("case", cases("extract.yml", "hashtags", "hashtags_from_astral"))
    def test_the_hashtags_are_those_that_x_makes(case: dict[str, Any]) -> None:
        assert list(hashtags(case["text"])) == case["expected"]
