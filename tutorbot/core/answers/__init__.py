"""Read what was typed, and say how it stands to the key.

`judge.judge` is the way in. Reading (`characters`, `tokens`, `parser`) makes a `tree`;
`fingerprint`, `sampling` and `algebra` decide, from the cheapest to the dearest; `kinds` holds one
file for each kind of answer and `mistakes` one for each family of slips.
"""
