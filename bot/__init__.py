"""The Telegram door: updates are written down before they are acknowledged, answers leave from an outbox."""
