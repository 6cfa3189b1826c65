"""What was spent, on what, by whom; and the proof that nothing is missing from it."""
