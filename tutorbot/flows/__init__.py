"""What does: one async function for each thing a person can ask, within one transaction each."""
