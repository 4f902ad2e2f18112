"""Every notation of a date that feeds hold, and what is not believed."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from fakes import START
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.dates import moment, retry_after_s

NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)


def read(text: str) -> tuple[str, str] | None:
    found = moment(text, NOW)
    return found and (found.at.strftime("%Y-%m-%dT%H:%M:%S"), found.day.isoformat())


@pytest.mark.parametrize(
    ("text", "at", "day"),
    [
        # RFC 822 and 2822
        ("Fri, 19 Jan 2024 08:30:00 +0100", "2024-01-19T07:30:00", "2024-01-19"),
        ("Fri, 19 Jan 2024 23:30:00 -0500", "2024-01-20T04:30:00", "2024-01-19"),
        ("Fri, 19 Jan 24 08:30 EST", "2024-01-19T13:30:00", "2024-01-19"),
        ("19 Jan 96 08:30 GMT", "1996-01-19T08:30:00", "1996-01-19"),
        ("Mon, 19 January 2024 8:30:00 PDT", "2024-01-19T15:30:00", "2024-01-19"),
        ("Fri,19 Jan 2024 08:30:00Z", "2024-01-19T08:30:00", "2024-01-19"),
        ("Fri, 19-Jan-2024 08:30:00 MSK", "2024-01-19T05:30:00", "2024-01-19"),
        ("Fri, 19 Jan 2024 08:30:00 CEST", "2024-01-19T06:30:00", "2024-01-19"),
        ("Fri, 19 Jan 2024 08:30:00 -0000", "2024-01-19T08:30:00", "2024-01-19"),
        ("Fri, 19 Jan 2024 08:30:00 +9999", "2024-01-19T08:30:00", "2024-01-19"),
        ("Fri, 19 Jan 2024 08:30:00 GMT+1", "2024-01-19T07:30:00", "2024-01-19"),
        ("Fri, 19 Jan 2024 08:30:00+0100", "2024-01-19T07:30:00", "2024-01-19"),
        ("Fri, 19 Jan 2024 24:00:00 GMT", "2024-01-20T00:00:00", "2024-01-20"),
        ("Fri, 19 Jan 2024 23:59:60 GMT", "2024-01-19T23:59:59", "2024-01-19"),
        # ISO 8601, RFC 3339, W3CDTF
        ("2024-01-19T08:30:00Z", "2024-01-19T08:30:00", "2024-01-19"),
        ("2024-01-19t08:30:00.123456789+05:30", "2024-01-19T03:00:00", "2024-01-19"),
        ("2024-01-19T08:30:00+01:00[Europe/Paris]", "2024-01-19T07:30:00", "2024-01-19"),
        ("2024-01-19 08:30", "2024-01-19T08:30:00", "2024-01-19"),
        ("2024/01/19 08:30:00 +0100", "2024-01-19T07:30:00", "2024-01-19"),
        ("20240119T083000Z", "2024-01-19T08:30:00", "2024-01-19"),
        ("2024-01-19", "2024-01-19T00:00:00", "2024-01-19"),
        ("20240119", "2024-01-19T00:00:00", "2024-01-19"),
        ("2024-019", "2024-01-19T00:00:00", "2024-01-19"),
        ("2024-01-19T08:30:5+01:00", "2024-01-19T07:30:05", "2024-01-19"),
        # programs
        ("1705653000", "2024-01-19T08:30:00", "2024-01-19"),
        ("1705653000123", "2024-01-19T08:30:00", "2024-01-19"),
        ("Fri Jan 19 08:30:00 EST 2024", "2024-01-19T13:30:00", "2024-01-19"),
        ("Fri Jan 19 08:30:00 2024", "2024-01-19T08:30:00", "2024-01-19"),
        ("Fri Jan 19 2024 08:30:00 GMT+0100 (Central European Time)", "2024-01-19T07:30:00", "2024-01-19"),
        # people
        ("January 19, 2024 8:30 PM ET", "2024-01-20T01:30:00", "2024-01-19"),
        ("Thu, 4 May 2023 12:06 a.m. EDT", "2023-05-04T04:06:00", "2023-05-04"),
        ("19. Januar 2024, 08:30 Uhr", "2024-01-19T08:30:00", "2024-01-19"),
        ("viernes, 19 de enero de 2024", "2024-01-19T00:00:00", "2024-01-19"),
        ("mar., 9 janv. 2024 08:30 et", "2024-01-09T13:30:00", "2024-01-09"),
        ("20 août 2023", "2023-08-20T00:00:00", "2023-08-20"),
        ("19 gennaio 2024", "2024-01-19T00:00:00", "2024-01-19"),
        ("19 de fevereiro de 2024", "2024-02-19T00:00:00", "2024-02-19"),
        ("19 maart 2024", "2024-03-19T00:00:00", "2024-03-19"),
        ("19 января 2024 г., 08:30", "2024-01-19T08:30:00", "2024-01-19"),
        ("16 Mayıs 2024", "2024-05-16T00:00:00", "2024-05-16"),
        ("2024-január-19T9:15+01:00", "2024-01-19T08:15:00", "2024-01-19"),
        ("Παρ, 19 Ιαν 2024 12:00:00 EST", "2024-01-19T17:00:00", "2024-01-19"),
        ("2024年1月19日 08:30", "2024-01-19T08:30:00", "2024-01-19"),
        ("2024년 01월 19일 오후 01:31:15", "2024-01-19T13:31:15", "2024-01-19"),
        ("2024年1月19日上午9:05", "2024-01-19T09:05:00", "2024-01-19"),
        ("19.01.2024 08:30", "2024-01-19T08:30:00", "2024-01-19"),
        ("01.19.2024", "2024-01-19T00:00:00", "2024-01-19"),
        ("01/19/2024", "2024-01-19T00:00:00", "2024-01-19"),
    ],
)
def test_a_date_is_read_in_the_notation_of(text: str, at: str, day: str) -> None:
    assert read(text) == (at, day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "08:30",
        "19 Jan",
        "2024-02-31",
        "31 Feb 2024",
        "2024-01-19T25:00:00Z",
        "2024-01-19T010:30:00Z",  # ten, or one
        "19 Jan 2024 010:30",
        "03/04/2024",  # March or April
        "2024",  # any day of it
        "2024-01",
        "202401",
        "2024-01T08:30:00Z",
        "January 2024",
        "March 24, 10 comments",  # not a day of 2010
        "24 March 10 days",
        "Page 3 of March 24",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0",
        "2024-06-03",
        "Tue, 19 Jan 2038 03:14:07 GMT",
        "19 Jan 2024 " + " " * 200 + "08:30",
        "19 Jan 2024, volume 3",
        "9" * 50,
    ],
)
def test_what_is_no_date_or_cannot_be_true_is_unknown(text: str) -> None:
    assert read(text) is None


def test_a_local_time_passed_off_as_utc_is_believed() -> None:
    assert read("2024-06-02T02:00:00Z") == ("2024-06-02T02:00:00", "2024-06-02")


def test_a_time_without_a_zone_is_in_the_zone_of_the_caller() -> None:
    found = moment("2024-01-19 23:30", NOW, ZoneInfo("America/New_York"))
    assert found is not None
    assert (found.at.isoformat(), found.day.isoformat()) == ("2024-01-20T04:30:00+00:00", "2024-01-19")


@given(st.text(max_size=150))
def test_any_text_is_a_date_or_unknown(text: str) -> None:
    found = moment(text, NOW)
    assert found is None or found.at.utcoffset() == dt.timedelta(0)


TIMES = st.integers(700_000_000, 1_716_000_000).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))


@given(TIMES, st.integers(-12 * 60, 14 * 60))
def test_iso_and_rfc_2822_state_the_same_moment(time: dt.datetime, offset: int) -> None:
    local = time.astimezone(dt.timezone(dt.timedelta(minutes=offset)))
    iso, rfc = moment(local.isoformat(), NOW), moment(local.strftime("%a, %d %b %Y %H:%M:%S %z"), NOW)
    assert iso is not None
    assert (iso, iso.at, iso.day) == (rfc, time, local.date())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", None),
        ("soon", None),
        ("-1", None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 400, 999_999_999.0),
        ("Fri, 19 Jan 2024 08:01:00 GMT", 60.0),
        ("Thu, 18 Apr 2024 08:00:00 GMT", 90 * 86400.0),
        ("Fri, 19 Jan 2024 07:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after_s(value, START) == seconds
