"""What a post counts as: the table of SEMANTICS, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.posts import Content, Credit, Hosting, Image, Kind, credit_of

OURS, THEIRS = True, False


@pytest.mark.parametrize(
    ("kind", "about_own_group", "hosting", "credit"),
    [
        (Kind.SPOTLIGHT, THEIRS, None, Credit.OTHERS),
        (Kind.SPOTLIGHT, OURS, None, Credit.SELF),
        (Kind.RESHARE, THEIRS, None, Credit.OTHERS),
        (Kind.RESHARE, OURS, None, Credit.SELF),
        (Kind.OWN, THEIRS, None, Credit.SELF),
        (Kind.OWN, OURS, None, Credit.SELF),
        (Kind.NOTICE, THEIRS, None, Credit.NONE),
        (Kind.NOTICE, OURS, None, Credit.NONE),
        (Kind.EVENT, THEIRS, None, Credit.SELF),  # whose event it is, nobody said
        (Kind.EVENT, THEIRS, Hosting.OURS, Credit.SELF),
        (Kind.EVENT, THEIRS, Hosting.PARTNER, Credit.OTHERS),
        (Kind.EVENT, THEIRS, Hosting.JOINT, Credit.BOTH),
        (Kind.EVENT, THEIRS, Hosting.JOINT_WE_LEAD, Credit.SELF),
        (Kind.EVENT, THEIRS, Hosting.JOINT_PARTNER_LEADS, Credit.OTHERS),
        (Kind.EVENT, OURS, Hosting.OURS, Credit.SELF),
        (Kind.EVENT, OURS, Hosting.PARTNER, Credit.SELF),
        (Kind.EVENT, OURS, Hosting.JOINT, Credit.SELF),
        (Kind.EVENT, OURS, Hosting.JOINT_WE_LEAD, Credit.SELF),
        (Kind.EVENT, OURS, Hosting.JOINT_PARTNER_LEADS, Credit.SELF),
    ],
)
def test_each_post_counts_as_the_table_says(
    kind: Kind, about_own_group: bool, hosting: Hosting | None, credit: Credit
) -> None:
    assert credit_of(kind, about_own_group=about_own_group, hosting=hosting) is credit


@given(st.sampled_from(Kind), st.booleans(), st.none() | st.sampled_from(Hosting))
def test_being_paid_makes_anything_self(
    kind: Kind, about_own_group: bool, hosting: Hosting | None
) -> None:
    credit = credit_of(kind, about_own_group=about_own_group, hosting=hosting, paid=True)
    assert credit is Credit.SELF


@pytest.mark.parametrize(
    ("credit", "counts_others", "counts_self"),
    [
        (Credit.OTHERS, True, False),
        (Credit.SELF, False, True),
        (Credit.BOTH, True, True),
        (Credit.NONE, False, False),
    ],
)
def test_a_credit_counts_in_its_columns(
    credit: Credit, counts_others: bool, counts_self: bool
) -> None:
    assert (credit.counts_others, credit.counts_self) == (counts_others, counts_self)


# What is approved, sent and compared is known by its fingerprint.

texts = st.text(max_size=8)
images = st.builds(Image, texts, texts)
contents = st.builds(
    Content,
    text=texts,
    title=st.none() | texts,
    link=st.none() | texts,
    images=st.lists(images, max_size=2).map(tuple),
    reshare_of=st.none() | texts,
    native=st.booleans(),
)


@given(contents, texts, contents, texts)
def test_a_fingerprint_changes_with_anything_that_is_sent_and_with_the_account(
    one: Content, one_account: str, other: Content, other_account: str
) -> None:
    same = (one, one_account) == (other, other_account)
    assert (one.fingerprint(one_account) == other.fingerprint(other_account)) is same
    assert one.fingerprint(one_account) == one.fingerprint(one_account)


@pytest.mark.parametrize(
    "changed",
    [
        Content("text!", "title", "link", (Image("a.png", "alt"),), "of"),
        Content("text", "title!", "link", (Image("a.png", "alt"),), "of"),
        Content("text", None, "link", (Image("a.png", "alt"),), "of"),
        Content("text", "title", "link!", (Image("a.png", "alt"),), "of"),
        Content("text", "title", "link", (Image("b.png", "alt"),), "of"),
        Content("text", "title", "link", (Image("a.png", "alt!"),), "of"),
        Content("text", "title", "link", (), "of"),
        Content("text", "title", "link", (Image("a.png", "alt"),), "of!"),
        Content("text", "title", "link", (Image("a.png", "alt"),), "of", native=True),
    ],
)
def test_a_fingerprint_sees_every_part(changed: Content) -> None:
    content = Content("text", "title", "link", (Image("a.png", "alt"),), "of")
    assert changed.fingerprint("account") != content.fingerprint("account")
    assert len(content.fingerprint("account")) == 64
