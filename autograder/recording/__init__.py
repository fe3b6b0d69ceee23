"""Recorded answers: what every check asks, and what reference, Keras and misconceptions answer, once a secret."""
