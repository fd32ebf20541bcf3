"""Planning: what to propose for the coming weeks, and how a proposal is taken over."""
