"""What is kept, for how long, how much of it, and a second copy of all of it."""
