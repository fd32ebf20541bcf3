"""The publishing core: how a post becomes deliveries and how a delivery goes out, once."""
