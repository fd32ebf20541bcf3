"""Plan: which post goes in which free slot of the coming weeks. Values and a clock; no input, no
output."""
