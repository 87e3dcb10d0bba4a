"""Formulas as text and as pictures, and the year of study as a chart."""
