"""Spreadsheets of what was posted without crosspromo."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.posts import Credit
from crosspromo.domain.timing import UTC_ZONE, is_shown_twice
from crosspromo.intake.outside_posts import COLUMNS, Known, read_outside_posts
from crosspromo.intake.reading import Reading
from crosspromo.intake.spreadsheet import write_table
from crosspromo.phrasing.errors import problem_of
from crosspromo.testing.clock import START

CHICAGO = ZoneInfo("America/Chicago")
LAST_MOMENT = datetime(2100, 1, 1, tzinfo=UTC)


def known(now: datetime = START) -> Known:
    return Known(
        accounts=("x-main", "bluesky-main"),
        partners={"river-keepers", "our-affiliate"},
        own_group={"our-affiliate"},
        zone=CHICAGO,
        now=now,
    )


def read(text: str, now: datetime = START) -> Reading[OutsidePost]:
    return read_outside_posts(text.encode(), "history.csv", known(now))


def one(**cells: str) -> OutsidePost:
    """The post of a row that is sound but for these cells."""
    (post,) = read(csv_of(cells)).complete()
    return post


def fault(**cells: str) -> str:
    """What is said of a row that is sound but for these cells, from the column on."""
    (error,) = read(csv_of(cells)).errors
    assert error.row == 2
    return f"{error.column}: {problem_of(error, UTC_ZONE)}"


def csv_of(*rows: dict[str, str]) -> str:
    sound = {
        "account": "x-main",
        "published_at": "2026-03-30T09:00",
        "credit": "others",
        "remote_id": "1",
    }
    whole = [{**sound, **row} for row in rows]
    return write_table(COLUMNS, [[row.get(column, "") for column in COLUMNS] for row in whole])


def test_words_for_nothing_are_empty_cells_and_a_text_is_taken_by_its_letters() -> None:
    post = one(partner="n/a", text="None", url="-", remote_id="TBD")
    assert (post.partner, post.text, post.url, post.remote_id) == (None, "None", None, None)


def test_every_column_is_read() -> None:
    assert one(
        partner="river-keepers", text="Meet\nthem", url="https://network.example/1"
    ) == OutsidePost(
        account="x-main",
        published_at=datetime(2026, 3, 30, 14, 0, tzinfo=UTC),
        credit=Credit.OTHERS,
        partner="river-keepers",
        text="Meet\nthem",
        url="https://network.example/1",
        remote_id="1",
    )


def test_columns_come_in_any_order_and_case_and_most_may_be_missing() -> None:
    text = "Text;Who;CREDIT;Published At;Account\nMeet us;me;Self;2026-03-30 09:00:30;x-main\n"
    (post,) = read(text).complete()
    assert (post.credit, post.text, post.remote_id) == (Credit.SELF, "Meet us", None)


@pytest.mark.parametrize("credit", Credit)
def test_every_credit_is_read(credit: Credit) -> None:
    assert one(credit=credit.value.upper()).credit is credit


@given(
    st.datetimes(
        datetime(1970, 1, 2),  # noqa: DTZ001 - the zone is drawn beside it
        datetime(2099, 12, 30),  # noqa: DTZ001
        timezones=st.integers(-14 * 60, 14 * 60).map(
            lambda minutes: timezone(timedelta(minutes=minutes))
        ),
    )
)
def test_a_moment_with_an_offset_comes_back_as_it_was(moment: datetime) -> None:
    (post,) = read(csv_of({"published_at": moment.isoformat()}), LAST_MOMENT).complete()
    assert post.published_at == moment
    assert post.published_at.tzinfo is UTC


@given(st.datetimes(datetime(1970, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_without_an_offset_is_what_the_organisations_clocks_showed(
    moment: datetime,
) -> None:
    assume(not is_shown_twice(moment.astimezone(CHICAGO)))  # both readings are refused
    wall = moment.astimezone(CHICAGO).replace(tzinfo=None)
    (post,) = read(csv_of({"published_at": wall.isoformat()}), LAST_MOMENT).complete()
    assert post.published_at.astimezone(CHICAGO).replace(tzinfo=None) == wall
    assert post.published_at == moment


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            {"account": "x-mian"},
            ('account: there is no account "x-mian"; crosspromo.toml has: x-main, bluesky-main'),
        ),
        (
            {"account": ""},
            "account: is empty; crosspromo.toml has: x-main, bluesky-main",
        ),
        (
            {"published_at": "yesterday"},
            'published_at: "yesterday" is no time; write it like 2026-04-22T09:00',
        ),
        (
            {"published_at": ""},
            "published_at: is empty; write it like 2026-04-22T09:00",
        ),
        (
            {"published_at": "2026-03-30"},
            ('published_at: "2026-03-30" is a day; add the time of day, as in 2026-03-30T09:00'),
        ),
        (
            {"published_at": "2026-04-01T07:00:01"},
            ('published_at: "2026-04-01T07:00:01" lies in the future; only what is out counts'),
        ),
        (
            {"published_at": "2026-03-08T02:30"},
            (
                'published_at: "2026-03-08T02:30" does not exist in America/Chicago: '
                "the clocks skip it that day; the next time that they show is "
                '"Sun 2026-03-08 03:00"'
            ),
        ),
        (
            {"credit": "ours"},
            'credit: "ours" is no credit; write others, self, both or none',
        ),
        ({"credit": ""}, "credit: is empty; write others, self, both or none"),
        (
            {"partner": "River Keepers"},
            ('partner: there is no partner "River Keepers"'),
        ),
        (
            {"partner": "our-affiliate"},
            ("credit: our-affiliate is of our own group; what lifts it up counts as self"),
        ),
        (
            {"url": "network.example/1"},
            (
                'url: "network.example/1" is no web address; write that of the post, '
                "such as https://network.example/posts/1"
            ),
        ),
        (
            {"remote_id": "1.91235E+18"},
            (
                'remote_id: "1.91235E+18" was rounded by the spreadsheet; format the '
                "column as text and fill in the whole number again"
            ),
        ),
        (
            {"remote_id": ""},
            (
                "text: nothing tells this post from another; fill in its text, url or "
                "remote_id, so that it is known again and never counted twice"
            ),
        ),
    ],
)
def test_a_bad_cell_is_named_with_its_mend(cells: dict[str, str], said: str) -> None:
    assert fault(**cells) == said


def test_the_present_moment_is_not_the_future() -> None:
    assert one(published_at="2026-04-01T07:00").published_at == START


def test_our_own_group_may_be_lifted_up_as_self() -> None:
    assert one(partner="our-affiliate", credit="self").partner == "our-affiliate"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"remote_id": "1"}, {"remote_id": "1", "text": "Meet us"}),
        ({"remote_id": "", "text": "Meet us"}, {"remote_id": "", "text": "Meet us"}),
        ({"remote_id": "1", "text": "Meet us"}, {"remote_id": "", "text": "Meet us"}),
        ({"remote_id": "", "text": "Meet us"}, {"remote_id": "1", "text": "Meet us"}),
    ],
    ids=["one id", "no ids", "the second without id", "the first without id"],
)
def test_rows_that_may_be_one_post_are_for_a_person_to_tell_apart(
    first: dict[str, str], second: dict[str, str]
) -> None:
    reading = read(csv_of(first, second))
    assert [str(error) for error in reading.errors] == [
        (
            "row 3, column remote_id: rows 2 and 3 may be the same post; remove one row, or give "
            "each the remote_id of its own post"
        )
    ]
    assert reading.rows == (2,)


@pytest.mark.parametrize(
    "difference",
    [
        {"remote_id": "2"},
        {"account": "bluesky-main"},
        {"remote_id": "", "text": "Meet us", "published_at": "2026-03-30T09:01"},
    ],
)
def test_rows_that_differ_are_two_posts(difference: dict[str, str]) -> None:
    assert len(read(csv_of({"text": "Meet us"}, difference | {"text": "Meet us"})).complete()) == 2


def test_good_rows_are_read_beside_bad_ones() -> None:
    reading = read(csv_of({"remote_id": "1"}, {"credit": "?"}, {"remote_id": "3"}))
    assert reading.rows == (2, 4)
    assert [error.row for error in reading.errors] == [3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("account,credit,text\n", "row 1, column published_at: the header has no such column"),
        ("", "row 1, column account: the header has no such column"),
        ("PK\x03\x04", "file: is a workbook or an archive, not text; save it as CSV UTF-8"),
    ],
)
def test_a_file_that_is_something_else_is_refused_whole(text: str, said: str) -> None:
    (error,) = read(text).errors
    assert str(error).startswith(said)
