"""Sentences and mends for reasons, made where they are shown: pure, and without a command in them.

An entry point adds to a sentence how its mend is done there: by a command, a button or a field.
"""
