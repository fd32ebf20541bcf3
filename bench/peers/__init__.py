"""The contestants: crosspromo, others that do the same work, and the bare database."""
