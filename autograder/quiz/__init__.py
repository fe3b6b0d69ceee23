"""A topic that is a quiz: its bank of questions, the checks made of them, and `grade quiz`.

`questions` is what everybody may read, `bank` holds the key as well and exists in a clone of the repository only.
"""
