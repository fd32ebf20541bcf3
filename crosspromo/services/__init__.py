"""Services: one module for each use case, with every rule about the input that it accepts.

A service receives its dependencies (store, rules, clock, renderer, actor) and returns typed
results. Entry points (command line, console, daemon) parse input, call a service, and phrase its
result. `Workspace.services` builds the services (0019).
"""
