"""The durable truth: the only package that speaks SQL. One module per aggregate."""
