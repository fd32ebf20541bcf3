"""The database as a whole: engine, errors, notices, versions and copies."""
