import pytest
from shown import Browse

TOKEN = "a-long-enough-secret"


@pytest.mark.parametrize(
    ("path", "authorization", "status"),
    [
        ("/", "", 401),
        ("/", "Bearer wrong", 401),
        ("/", f"Basic {TOKEN}", 401),
        ("/", f"Bearer {TOKEN}", 200),
        ("/healthz", "", 200),
    ],
)
async def test_an_address_that_others_reach_asks_for_the_token(
    browse: Browse, path: str, authorization: str, status: int
) -> None:
    async with browse(host="0.0.0.0", token=TOKEN) as client:
        answer = await client.get(path, headers={"authorization": authorization})
    assert answer.status_code == status
    assert TOKEN not in answer.text


async def test_without_a_token_nothing_is_shown_to_others(browse: Browse) -> None:
    async with browse(host="0.0.0.0") as client:
        assert (await client.get("/", headers={"authorization": "Bearer "})).status_code == 401
