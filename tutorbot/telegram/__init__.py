"""The bot on Telegram: reads updates, sends replies, and keeps every promise about both."""
