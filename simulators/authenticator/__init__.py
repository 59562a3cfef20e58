"""The second factor of the sandbox's officers: a page in place of a telephone's authenticator."""
