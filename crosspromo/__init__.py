"""crosspromo: share others at least as much as yourself, and never post twice."""
