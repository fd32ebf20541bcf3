"""Images without alt text in a record that somebody else wrote."""

import pytest

from crosspromo.connectors.bluesky.shared_posts import undescribed

IMAGES = {"$type": "app.bsky.embed.images", "images": [{"alt": ""}, {"alt": "A river"}, {}]}


@pytest.mark.parametrize(
    ("record", "count"),
    [
        ({"text": "See", "embed": IMAGES}, 2),
        ({"embed": {"$type": "app.bsky.embed.recordWithMedia", "media": IMAGES}}, 2),
        ({"embed": {"images": [{"alt": "A river"}]}}, 0),
        ({"embed": {"$type": "app.bsky.embed.external", "external": {}}}, 0),
        ({"text": "See"}, 0),
    ],
)
def test_they_are_counted(record: object, count: int) -> None:
    assert undescribed(record) == count


@pytest.mark.parametrize(
    "record", [None, [], "post", {"embed": []}, {"embed": {"media": 1}}, {"embed": {"images": {}}}]
)
def test_a_record_of_another_shape_has_none(record: object) -> None:
    assert undescribed(record) == 0
