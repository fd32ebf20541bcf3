"""Ledger tables: rows, hourly sums, outside posts, opening balances."""
