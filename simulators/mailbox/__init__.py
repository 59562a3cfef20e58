"""The mailbox of the sandbox: what the service e-mailed, to anybody."""
