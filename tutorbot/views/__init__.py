"""What shows. Pure: an outcome becomes words, formulas, pictures and buttons; no chat program here."""
