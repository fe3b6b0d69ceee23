"""Downloads of course systems brought back: an archive or folder becomes one submission a folder, and a table.

=======================  ==========================================================
``layouts``              how each system hands out submissions; a new one goes here
``gradescope_metadata``  who handed in what, in Gradescope's own file
``archive``              reads what a stranger packed
``collect``              one student's files, made safe
``names``                which names of a download can stand in a folder of ours
``importing``            writes the folder: a folder a submission
``table``                what was found for whom
``whole_class``          tells a whole class from one submission
=======================  ==========================================================
"""
