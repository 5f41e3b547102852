"""The HTTP door: JSON, server-sent events, the web page."""
