"""A whole class: its submissions graded, what it misunderstood, and its marks given back.

===============  =================================================================
``grading``      grades a class, and writes its marks and its page: `grade class`
``gather``       whose submissions there are
``earlier``      what was graded into the same folder before
``pool``         the processes that grade
``cluster``      a Dask cluster in their place
``worker``       one of these processes
``records``      a record a submission, so that whoever is killed goes on
``sheets``       free text for a person to grade: `grade sheet`
``by_hand``      what a person gave for it
``attempts``     which of several attempts counts
``term``         several assignments added up: `grade total`
``extensions``   who may hand in later
``fingerprint``  what answers alike is wrong alike
``summary``      what the class did: scores, what was hard, what was misunderstood
``similarity``   pairs whose code or unusual wrong answers are alike
``excerpt``      an exercise's code in a student's module
``lecture``      what to say of a misconception in the next lecture
``page``         the page of a class, from `templates/`
``marks``        a row a student, with what lateness costs
``roster``       who is in a class, from a course system's export
``difference``   what is different in two gradings: `grade diff`
``regrading``    a class graded again, and whose mark is another: `grade regrade`
``learning``     the beginning of a misconception from a group: `grade learn`
``feedback``     reports in a zip that a course system gives back: `grade feedback`
``returning``    marks in the columns that a course system wants: `grade marks`
===============  =================================================================
"""
