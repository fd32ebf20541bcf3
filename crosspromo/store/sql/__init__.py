"""SQL tools: compiled statements, column types, inserts and the JSON codec."""
