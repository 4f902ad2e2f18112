"""What a server said of its last answer, given back so that it can say "unchanged".

Rule 1: both validators go back as they came: weak tags weak, tags without quotes without, dates in their own notation,
        since many servers compare the text.
Rule 2: some servers put the coding of an answer into its tag when they compress it, and then do not know the tag that
        they gave: Apache `"1-gzip"` and `"1-br"`, Jetty `"1--gzip"`, others `"1;gzip"`. They are told both tags.
"""

import re

CODED = re.compile(r'(?P<begin>(?:W/)?"[^"]+?)(?:--?|;)(?:gzip|deflate|br|zstd)"', re.IGNORECASE)


def conditions(etag: str, last_modified: str) -> dict[str, str]:
    """The headers of a conditional request; none where nothing is known. RFC 9110, 13.1."""
    headers = {"If-None-Match": tags(etag), "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def tags(etag: str) -> str:
    """The tags under which a server may know what it sent."""
    coded = CODED.fullmatch(etag)
    return f'{etag}, {coded["begin"]}"' if coded else etag
