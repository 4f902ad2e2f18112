"""The contract suite of the Store runs on each kind of database."""

import pytest


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """URL of a database with nothing in it."""
    url: str = request.getfixturevalue(request.param)
    return url
