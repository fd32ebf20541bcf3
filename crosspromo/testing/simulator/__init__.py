"""Base of simulated networks: an HTTP server on loopback with a record and faults to play."""
