"""Limits of images on X, at queueing and at sending alike.

Sources: the X API v2 reference, *Media* and *CreateMediaMetadataMetadataAltText*; which types move
is believed: an upload of the category tweet_gif, and no other, becomes an animation.
"""

from typing import Final

from crosspromo.connectors.base import ImageLimits

GIF: Final = "image/gif"
LONGEST_ALT: Final = 1000

LIMITS: Final = ImageLimits(
    most=4,
    max_bytes=5_000_000,
    types=("image/jpeg", "image/png", GIF, "image/webp"),
    max_gif_bytes=15_000_000,
    moving=(GIF,),
    alone=(GIF,),
    longest_alt=LONGEST_ALT,
)
