"""Made-up people for the watch list of the sandbox, the benchmark and the tests."""
