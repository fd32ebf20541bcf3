"""The ledger in the database: rows, hourly sums, outside posts and opening balances."""
