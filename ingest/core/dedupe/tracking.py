"""Query parameters that say how a reader came to a page, never which page it is; grouped by who adds them.

A name is listed only where no site is known to choose its article by it: `id`, `p`, `sid`, `cid`, `article`, `story`
and the like must never stand here. Where a name is in honest use too (`ref`, `source`, `from`), the value decides.
"""

import re

_PREFIXES = (
    "utm_",  # Google Analytics, and all that imitate it
    "mtm_",  # Matomo
    "matomo_",
    "piwik_",
    "pk_",  # Matomo under its former name
    "at_",  # Piano Analytics (AT Internet)
    "ns_",  # comScore
    "wt_",  # Mapp (Webtrekk)
    "hsa_",  # HubSpot Ads
    "guce_",  # Yahoo's consent page
    "fb_action_",  # Facebook
    "__hs",  # HubSpot
    "_bhl",  # beehiiv
    "oly_",  # Omeda
    "itm_",  # campaigns within a site
)

_NAMES = frozenset(
    name
    for names in (
        "fbclid fb_source fb_ref igsh igshid",  # Meta
        "gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid _ga _gl",  # Google
        "msclkid ocid cvid",  # Microsoft
        "twclid __twitter_impression ref_src ref_url",  # X
        "ttclid li_fat_id rdt_cid epik sccid",  # TikTok, LinkedIn, Reddit, Pinterest, Snapchat
        "yclid ysclid _openstat",  # Yandex
        "mc_cid mc_eid",  # Mailchimp
        "mkt_tok",  # Marketo
        "_hsenc _hsmi hsctatracking",  # HubSpot
        "vero_id vero_conv _kx ck_subscriber_id ml_subscriber ml_subscriber_hash",  # senders of newsletters
        "s_cid s_kwcid ef_id icid",  # Adobe
        "dicbo oborigurl tblci",  # Outbrain, Taboola
        "xtor",  # Piano Analytics, older
        "wt.mc_id wt.mc_ev wt.rss_f wt.rss_a wt.rss_ev wt.tsrc",  # Webtrends
        "cmpid cmp_id ncid intcid intcmp sr_share",  # campaign numbers of publishers' own making
        "ito wprss feedtype feedname traffic_source guccounter",  # Mail, Washington Post, Reuters, Al Jazeera, Yahoo
        "spm",  # Alibaba
        "rss",  # `?rss=1` on links of a feed
        "phpsessid jsessionid",  # a visitor's session
    )
    for name in names.split()
)

_BY_VALUE = frozenset({"ref", "source", "src", "from", "via", "mod", "partner", "cmp", "origin", "_location"})

_SAYS_FEED = re.compile(r"(?:rss|atom|rdf|feeds?|feedburner|newsfeed|feedly)(?:[\d._\-%+:].*)?", re.IGNORECASE)

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE)


def is_tracking(name: str, value: str) -> bool:
    """Whether a parameter, percent-encoded as in a canonical URL, is there for statistics only."""
    name = name.lower().removeprefix("amp%3b")  # what is left of `&` where it was escaped once too often
    if name in _NAMES or name.startswith(_PREFIXES):
        return True
    if name == "ref" and _HOST.fullmatch(value):  # Ghost adds the linking site's host
        return True
    return name in _BY_VALUE and _SAYS_FEED.fullmatch(value) is not None
