"""One file for each form, or family of forms, in which an answer may be asked for."""
