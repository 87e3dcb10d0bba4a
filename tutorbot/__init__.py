"""A Telegram tutor that reads formulas, explains mistakes and keeps the streak."""
