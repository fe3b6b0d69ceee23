# An environment in which an instructor on macOS or Windows grades, with the wall whole:
#
#     docker build -t nablagrade .
#     docker run --rm -v "$PWD:/work" nablagrade grade submissions/ada
#
# In a container without further rights bubblewrap cannot make namespaces, so the wall is Landlock with seccomp, which needs none.
# `docker run --rm nablagrade grade doctor` says which wall stands. For TensorFlow, to record answers: --build-arg LOCK=requirements-dev.lock

FROM python:3.12-slim

ARG LOCK=requirements.lock
WORKDIR /nablagrade
COPY requirements.lock requirements-dev.lock pyproject.toml LICENSE README.md ./
RUN python -m pip install --no-cache-dir -r ${LOCK}
COPY autograder autograder
COPY reference reference
COPY assignments assignments
RUN python -m pip install --no-cache-dir --no-deps --editable .

# Recorded answers are kept where a volume may be put: -v nablagrade-answers:/answers
ENV NABLAGRADE_CACHE=/answers
RUN mkdir /answers && chmod 777 /answers
WORKDIR /work
CMD ["grade", "--help"]
