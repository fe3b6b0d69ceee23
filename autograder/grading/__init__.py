"""A grading: a submission's workers are asked, what they answer is judged and explained, and becomes the report.

==============  ======================================================
``engine``      a whole submission: `grade`, and a warm `Grader`
``topic_run``   one topic: workers are asked a check at a time
``loading``     loads a topic's module
``patience``    how many seconds a check is given, and after what less
``budget``      what a submission may cost the grader itself
``judge``       what a worker answered becomes verdicts
``diagnose``    why a check failed, in words
``locate``      where a mistake stands that has no name
``numerical``   derivatives that are written as differences
``waiting``     what an exercise waits for: a stub, a name
``written``     whether a function is a stub, by its text
``shrink``      the smallest failing input of a public check
``assembling``  verdicts become the report
``faults``      how a fault of ours is logged
==============  ======================================================
"""
