"""What authors of connectors test with: simulators, fakes and conformance suites."""
