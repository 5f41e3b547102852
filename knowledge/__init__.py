"""What Sổ tay knows and how it answers; knows neither HTTP nor Telegram."""
