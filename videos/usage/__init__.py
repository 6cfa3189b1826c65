"""The usage page (what was spent, on what, by whom) and the proof that its sums are complete."""
