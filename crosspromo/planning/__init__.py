"""Plan of the coming weeks: which post goes in which free slot. No input, no output."""
