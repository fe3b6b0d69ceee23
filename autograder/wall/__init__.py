"""The wall: student code runs on its far side (`inside`), and only values cross it.

How much a worker may use stands in `limits`, what can shut it in in `backends`, a file each. `sandbox` starts the process
behind the wall, `worker` is the grader's end of what runs there, `protocol` says what the engine asks of both.
"""
