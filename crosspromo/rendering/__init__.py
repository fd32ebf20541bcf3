"""Templates to texts. Sandboxed: a template is data that staff edit, not code that we trust."""
