"""Feeds of others: RSS, Atom and JSON Feed, read into one form, and found from a web page."""
