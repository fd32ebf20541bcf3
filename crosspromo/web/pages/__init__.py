"""Pages of the console: one module for each, with its views and its routes (ROUTES)."""
