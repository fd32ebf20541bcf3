"""Connectors: one module or package per network. Connectors call networks, never the database."""
