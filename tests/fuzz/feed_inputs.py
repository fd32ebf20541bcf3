"""Hostile feeds, made of the pieces that readers of feeds stumble over."""

import msgspec
from fuzz.inputs import answers, markup
from hypothesis import strategies as st

_xml = st.lists(
    st.sampled_from(
        [
            *("<rss>", "<channel>", "</channel>", "</rss>", "<item>", "</item>", "<item/>"),
            *("<feed xmlns='http://www.w3.org/2005/Atom'>", "</feed>", "<entry>", "</entry>"),
            *("<title type='html'>", "<title>", "</title>", "<link href='", "'/>", "<link>"),
            *("</link>", "<guid isPermaLink='false'>", "</guid>", "<pubDate>", "</pubDate>"),
            *("<content type='xhtml'>", "</content>", "<description>", "</description>"),
            *("<a xml:base='//['>", "<b xmlns:dc='http://purl.org/dc/terms/'>", "<dc:date>"),
            *("<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "<!DOCTYPE x [", "<!ENTITY a 'b'>"),
            *("]>", "&a;", "&lt;p&gt;", "&#0;", "&#" + "9" * 5_000 + ";", "<", ">", "&", '"', "'"),
            *("https://a.example/", "http://[", "javascript:x", "\u202e", "\x0b", "é"),
            *("Tue, 01 Jan 2030 09:00:00 GMT", "9999-12-31T23:59:59-23:59", "2030-01-01"),
            "https://www.google.com/url?url=https%3A%2F%2Fa.example",
            "<id>tag:google.com,2005:reader/user/1/alerts/1</id>",
        ]
    )
    | st.text(max_size=10),
    max_size=30,
).map("".join)
_json_feeds = st.fixed_dictionaries(
    {"version": st.sampled_from(["https://jsonfeed.org/version/1.1", 1])},
    optional={
        "items": st.lists(
            st.dictionaries(
                st.sampled_from(
                    ["id", "url", "title", "content_html", "summary", "date_published", "authors"]
                ),
                answers | st.just([{"name": "Ann"}]),
            )
            | answers,
            max_size=4,
        ),
        "title": answers,
        "feed_url": answers,
    },
).map(msgspec.json.encode)
feeds = (
    st.builds(
        lambda text, codec: text.encode(codec, "replace"),
        _xml | markup,
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le", "iso2022_jp"]),
    )
    | _json_feeds
    | st.binary()
)
