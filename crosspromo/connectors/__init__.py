"""One file per network. Connectors talk to networks and never to the database."""
