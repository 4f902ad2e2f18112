"""What is told of a site where no feed is found."""

import pytest
from world import Answer, World

from ingest.errors import FetchError
from ingest.pipeline.seek import find_feed

SITE = "https://example.com/"


async def test_a_site_that_refuses_is_told_with_its_status_and_how_long_it_asks_us_to_wait(world: World) -> None:
    world.web.answers[SITE] = Answer(status=503, headers={"retry-after": "600"})
    with pytest.raises(FetchError, match=f"{SITE}: the server answers 503") as caught:
        await find_feed(world.ports, SITE)
    assert (caught.value.status, caught.value.retry_after_s) == (503, 600)
