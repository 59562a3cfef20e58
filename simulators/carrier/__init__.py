"""A carrier's system of the sandbox: takes changes, acknowledges them, misbehaves on demand."""
