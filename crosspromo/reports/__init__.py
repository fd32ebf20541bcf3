"""Reports with figures for people and programs."""
