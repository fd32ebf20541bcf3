"""HTTP clients with deadlines for whole calls, shared by connectors and imports."""
