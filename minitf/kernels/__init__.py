"""Arrays in, arrays out: the numerical work, which knows nothing of graphs."""
