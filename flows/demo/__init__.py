"""What the demo, the tests and the benchmarks run on; nothing in production imports it."""
