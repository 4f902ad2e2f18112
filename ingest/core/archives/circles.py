"""Whether a walk from page to page turns in a circle, told with constant memory.

R. P. Brent, "An improved Monte Carlo factorization algorithm" (1980), section 2: one page is kept as a mark, and every
later one is compared with it; after 1, 2, 4, 8, … pages the mark is moved up. A walk whose pages repeat meets its mark
after at most three times the pages that differ; a walk whose pages all differ never does.
"""

from ingest.model import Noun

LONGEST = 50_000
"""Pages of one walk. The oldest newspapers on the web have as many of ten articles; who gives more makes them up."""


class Trail(Noun):
    """What is remembered of the pages of a walk; small, and the same size for ever."""

    mark: str = ""
    """The digest of the page that later ones are compared with; empty before the first."""
    since: int = 0
    """Pages since the mark."""
    reach: int = 1
    """Pages after which the mark is moved up."""

    @property
    def length(self) -> int:
        """Pages so far."""
        return self.reach + self.since if self.mark else 0


def onward(trail: Trail, page: str) -> Trail | None:
    """The trail with one more page; None where that page was there before, or the walk never ends.

    Args:
        page: a digest of what the page holds, not empty; of its address too where that makes another page of it.
    """
    if not trail.mark:
        return Trail(mark=page)
    if page == trail.mark or trail.length >= LONGEST:
        return None
    since = trail.since + 1
    if since == trail.reach:
        return Trail(mark=page, reach=2 * trail.reach)
    return trail.model_copy(update={"since": since})
