"""Use cases: what people can do, each with every rule about what is accepted.

A service is given what it needs (store, rules, clock, renderer, actor) and returns typed results.
Entry points (command line, console, daemon) parse, call a service, and phrase its answer.
`Workspace.services` builds them.
"""
