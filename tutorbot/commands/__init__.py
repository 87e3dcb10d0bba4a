"""What each command does, apart, so that it loads only what it needs."""
