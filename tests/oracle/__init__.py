"""What real TensorFlow said: programs, the recorder and its recordings."""
