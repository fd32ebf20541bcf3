"""Where partners, events and outside posts come from. Files are hostile input."""
