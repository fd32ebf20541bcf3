"""The console: pages for staff, in the browser (docs/explanation/console.md).

It calls the services that the command line calls and decides nothing itself. Its libraries come
with the extra `web`; nothing but the entry points imports this package.
"""
