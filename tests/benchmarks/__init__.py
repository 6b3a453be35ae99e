"""Workloads run on minitf and on real TensorFlow in turn: `make bench`."""
