"""Import of partners, events, outside posts and images. Files are hostile input."""
