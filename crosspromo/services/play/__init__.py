"""Play: the coming weeks, played on a copy in memory by the real cycle, gate and store."""
