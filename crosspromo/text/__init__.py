"""How each network reads a text: its length, its links, mentions and hashtags, and what fits.

Pure functions over strings. Start at `rules.py`: one `TextRules` value a network, and nobody else
has to know which network it is.
"""
