"""Secrets: references, encryption at rest, and redaction in texts."""
