"""Domain values and decisions. No module here reads a clock, a file, a socket or a database."""
