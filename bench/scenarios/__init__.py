"""What is measured: each module says one row, or a few, of the table."""
