"""The printing partner of the sandbox; README.md is for those who integrate with it."""
