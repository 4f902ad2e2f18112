"""Pages come back as they were kept, by this release or an earlier one."""

import zlib

from hypothesis import given
from hypothesis import strategies as st

from ingest.core.packing import compressed, decompressed


@given(st.binary())
def test_a_page_comes_back_as_it_was(page: bytes) -> None:
    assert decompressed(compressed(page)) == page


@given(st.binary())
def test_a_page_that_zlib_packed_is_read_too(page: bytes) -> None:
    assert decompressed(zlib.compress(page)) == page
