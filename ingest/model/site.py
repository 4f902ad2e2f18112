"""What somebody wrote about the pages of one site."""

from ingest.model.noun import Noun


class SiteRules(Noun):
    """Where the article lies on the pages of a site whose markup misleads; CSS selectors."""

    keep: tuple[str, ...] = ()
    """The elements that the article is made of; empty: they are found as on any page."""
    drop: tuple[str, ...] = ()
    """Elements that are none of its text."""
