"""The endings a domain may have, by the public suffix list; its only home.

It knows top-level domains alone, and nothing about who owns what below them.
"""

from __future__ import annotations

from functools import lru_cache

_IN_X_ONLY = (
    "abarth active adac afamilycompany aigo alfaromeo an avianca bananarepublic bentley bl blanco bnl "
    "boots bq budapest bugatti cancerresearch cartier caseih cbs ceb chloe chrysler cityeats comcast "
    "cookingchannel csc dabur dodge doha doosan duck dunlop duns eh epost esurance etisalat everbank "
    "fiat flsmidth foodnetwork frontdoor fujixerox glade goo goodhands guardian hgtv honeywell "
    "hoteles htc iinet intel iselect iveco iwc jcp jlc juniper kerrylogistics kinder ladbrokes "
    "lancaster lancia lancome liaison linde lipsy lixil loft lupin macys maserati mcd mcdonalds meo "
    "metlife mf mobily montblanc mopar movistar mtpc mutual mutuelle nadex nationwide natura "
    "newholland northwesternmutual off oldnavy onyourside orientexpress pamperedchef panerai "
    "passagens piaget pramerica qvc raid redstone rightathome rmit rocher sapo sca scjohnson scor ses "
    "shaw showtime shriram spiegel spreadbetting srt starhub statoil swiftcover symantec telecity "
    "telefonica tiffany tp travelchannel uconnect um vista vistaprint volkswagen vuelos warman "
    "wolterskluwer xfinity xperia zippo اتصالات موبايلي 大众汽车 工行 手表 珠宝 诺基亚"
)
_IN_THE_ROOT_ONLY = (
    "amazon hotel kids merck music spa web ישראל السعوديه السعودیة السعودیۃ اليمن ايران سوريا پاكستان "
    "アマゾン 亚马逊 澳门 臺灣"
)

GONE, NEW = frozenset(_IN_X_ONLY.split()), frozenset(_IN_THE_ROOT_ONLY.split())
DOUBTFUL = GONE | NEW
"""Endings on which X's published list (twitter-text 3.1.0, of 2020) and today's root zone disagree.

Which of the two X goes by cannot be known from outside.
"""


@lru_cache(maxsize=1)
def endings() -> frozenset[str]:
    """Every top-level domain there is, in its own script, and those that X knew."""
    from publicsuffixlist import PSLFILE  # data that comes with the library, as good as a constant

    with open(PSLFILE, encoding="utf-8") as source:
        rules = source.read().partition("===END ICANN DOMAINS===")[0].splitlines()
    known = {rule.rsplit(".", 1)[-1].strip() for rule in rules if rule and not rule.startswith("//")}
    return DOUBTFUL | known
