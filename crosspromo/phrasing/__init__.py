"""Sentences and mends for reasons, made where reasons are shown: pure functions, without commands.

An entry point adds to a sentence how its mend is done there: by a command, a button or a field.
"""
