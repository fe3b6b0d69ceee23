"""A topic that is a quiz: its bank of questions, the checks made of them, and `grade quiz`.

=============  ===================================================================
``kinds``      the kinds of question, a file each; a new one goes there
``bank``       the questions with their key, in a clone of the repository only
``questions``  the questions as everybody may read them
``table``      the checks of a quiz's topic
``source``     the source of a quiz's topic, and its misconceptions
``writing``    answers as Python's text
=============  ===================================================================
"""
