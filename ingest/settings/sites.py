"""The sites of `sites.yaml`: what is known of their pages where their own markup misleads."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from ingest.core.extract.selectors import compiled
from ingest.model import SiteRules
from ingest.settings.complaints import validated
from ingest.settings.kinds import Line
from ingest.settings.shape import Group
from ingest.settings.written import Written

SITES_FILE = "sites.yaml"

_HOST = re.compile(r"(?=.{3,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+")


def _selector(text: str) -> str:
    compiled(text)
    return text


def _site(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError(f"{text!r} is no host; write it in lower case and alone, for example news.example.org")
    return text.removeprefix("www.")


Selector = Annotated[Line, AfterValidator(_selector)]
Site = Annotated[str, AfterValidator(_site)]


class SiteLines(Group):
    """One site of `sites.yaml`."""

    keep: tuple[Selector, ...] = ()
    drop: tuple[Selector, ...] = ()


class SitesFile(Group):
    """What `sites.yaml` may hold."""

    sites: dict[Site, SiteLines] = Field(default_factory=dict)


def read_sites(written: Written) -> dict[str, SiteRules]:
    """Host or registrable domain → the rules that a file states for it.

    Raises:
        ConfigError: with a line for each thing that is wrong.
    """
    file = validated(SitesFile, written)
    return {site: SiteRules(keep=lines.keep, drop=lines.drop) for site, lines in file.sites.items()}
