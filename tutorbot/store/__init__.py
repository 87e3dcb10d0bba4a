"""What remembers: PostgreSQL, a module for each feature, a transaction for each piece of work."""
