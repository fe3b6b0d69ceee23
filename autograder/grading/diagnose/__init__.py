"""Says why a check failed: known misconceptions first, then general signatures, then the plainest true description.

==============  ==========================================================================
``explain``     what is said of every check, and what to fix first
``known``       the misconceptions and slips that the wrong answers agree with
``families``    the number that stands where another one belongs
``signatures``  ratios, transposes, signs and the like, where nothing known fits
``sentences``   one thing that was observed, in words
``messages``    which words of an exception may be told of a hidden check
``meanings``    what the commonest of these words mean
``order``       which of several mistakes is the cause, and what follows from it
==============  ==========================================================================
"""
