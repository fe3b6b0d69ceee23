"""Recorded answers: what every check asks, and what reference, Keras and misconceptions answer, once a secret.

==================  =================================================================
``record``          asks everybody everything about a topic: `grade record`
``answers``         a record as a file: kept, checked, and read again
``depends``         what a record depends on, and whether that has changed
``misconceptions``  known mistakes, put into the right code
``slips``           slips that everybody makes, made by machine out of the right code
``families``        numbers of the right code that may be other ones
==================  =================================================================
"""
