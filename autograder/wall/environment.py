"""What student code finds in its environment, behind the wall and on a student's own machine."""

from __future__ import annotations

# One BLAS thread: the wall denies threads, and a sum is made in one order. A fixed hash seed: a set of a student's is iterated
# the same way every time.
SAME_EVERY_TIME = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0",
}  # fmt: skip
# Quiet, on one thread a pool (a sum in one order is the same every time), and without a search for GPUs.
FOR_TENSORFLOW = {
    "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1",
    "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
}  # fmt: skip
