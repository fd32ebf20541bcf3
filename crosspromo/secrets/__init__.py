"""Secrets: references to them, their encryption at rest, and their redaction in texts."""
