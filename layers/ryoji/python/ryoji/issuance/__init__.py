"""What is issued: seals (VDS-NC), their certificates and trust list, the QR code, the page, and verification."""
