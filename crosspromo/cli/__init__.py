"""The command line: one module per noun. Nothing is decided here."""
