"""The sandbox's My Number card and its authority. It proves nothing about real cards, and says so."""
