"""One file for each family of slips. Each sees meaning, not spelling: fingerprints, not trees."""
