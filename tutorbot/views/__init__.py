"""What shows. Pure: an outcome becomes words, formulas and buttons; no chat program in sight."""
