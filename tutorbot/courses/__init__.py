"""What reads course files, says what is wrong with them, and hands over sound courses."""
