"""One module or package per network. Connectors talk to networks, never to the database."""
