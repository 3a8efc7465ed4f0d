"""Something found wrong at a task node."""
