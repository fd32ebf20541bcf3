"""The command line, one module per noun.

Commands parse, call a service and print; they decide nothing.
"""
