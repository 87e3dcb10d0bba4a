"""One file for each kind of answer: how its key is prepared, and an answer held against it."""
