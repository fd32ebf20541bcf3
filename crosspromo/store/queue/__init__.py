"""Deliveries in the database: the queue, its transitions, holds, history and counts."""
