"""Delivery tables: queue, attempts, transitions, holds, history, counts."""
