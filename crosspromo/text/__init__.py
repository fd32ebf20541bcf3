"""Text rules of each network: length, links, mentions, hashtags, and fitting.

Pure functions over strings. Start at `rules.py`: one `TextRules` value per network, so that no
other code has to know the network.
"""
