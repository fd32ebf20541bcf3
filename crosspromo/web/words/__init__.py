"""Catalogue of the console's own words: a module for each page, and one for the frame.

Templates and views have no words of their own. What the services answer is phrased in `phrasing/`,
for the command line and the console alike.
"""
