"""Reports in words: each makes its page of sentences, tables and pictures from its figures."""
