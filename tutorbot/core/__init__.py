"""What decides. Pure and synchronous: no clock, no dice, no input or output."""
