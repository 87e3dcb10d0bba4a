"""One file for each kind of answer: how its key is prepared, and how an answer is held against it."""
