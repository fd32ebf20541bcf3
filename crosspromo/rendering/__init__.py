"""Sandboxed rendering of templates: a template is data that staff edit, not trusted code."""
