"""Figures, and the faces they wear."""
