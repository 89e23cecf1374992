"""A run's report as one page: what it is made of, its charts, its words, and the file it is written to."""
