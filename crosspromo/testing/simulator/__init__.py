"""Simulator base: an HTTP server on loopback that records requests and plays faults."""
