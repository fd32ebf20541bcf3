"""Database access: engine, errors, notices, upgrades, copies."""
