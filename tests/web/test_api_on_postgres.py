"""What PostgreSQL takes less of than SQLite is refused before it is asked: on both, the answers are the same."""

import pytest
from shown import Browse, a_stored_story

from ingest.edge.store import SqlStore

ANSWERS: list[tuple[str, dict[str, str], int]] = [
    ("/api/v1/changes?since_seq=2147483648", {}, 422),
    ("/api/v1/stories?since_seq=9223372036854775807", {}, 422),
    ("/api/v1/out.json?before_seq=2147483647", {}, 200),
    ("/api/v1/stories?since_seq=2147483647", {}, 410),
    ("/api/v1/backfills/2147483647", {}, 404),
    ("/api/v1/stories/stream", {"last-event-id": "9223372036854775807"}, 410),
    ("/stories/%00", {}, 404),
    ("/?q=lang:en%00+title", {}, 200),
    ("/?q=tag:%00", {}, 400),
]


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.mark.parametrize(("path", "headers", "status"), ANSWERS)
async def test_bounds_are_those_of_both_databases(
    browse: Browse, store: SqlStore, path: str, headers: dict[str, str], status: int
) -> None:
    await a_stored_story(store)
    async with browse() as client:
        answer = await client.get(path, headers=headers)
    assert answer.status_code == status
