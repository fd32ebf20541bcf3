"""The planner beside HiGHS, and over a year."""
