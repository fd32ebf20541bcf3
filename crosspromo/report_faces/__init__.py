"""Faces of reports: files and parts of them, made from a page of any report."""
