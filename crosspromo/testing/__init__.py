"""Test kit for authors of connectors: simulators, fakes and a conformance suite."""
