# Eyepiece in one container. Stages: base, build, test, runtime (the last is what `docker compose up` runs).
ARG BASE=debian:trixie-slim

# Debian's Python and libcamera. Trixie's own libcamera 0.4 lacks what Picamera2 0.3.38 and the Pi 5 need.
FROM ${BASE} AS base
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
COPY <<EOF /etc/apt/sources.list.d/backports.sources
Types: deb
URIs: http://deb.debian.org/debian
Suites: trixie-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
EOF
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 libarchive13t64 libcap2 \
 && apt-get install -y --no-install-recommends -t trixie-backports python3-libcamera libcamera-ipa \
 && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONSAFEPATH=1 \
    PYTHONPATH=/opt/eyepiece \
    GPIOZERO_PIN_FACTORY=lgpio \
    LIBCAMERA_LOG_LEVELS=*:WARN

# The virtual environment; pip stays outside of it and so outside of the image.
FROM base AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-venv python3-dev gcc libc6-dev libcap-dev swig \
 && rm -rf /var/lib/apt/lists/* \
 && python3 -m venv /opt/pip \
 && python3 -m venv --system-site-packages --without-pip /opt/venv
COPY requirements/pi.lock /tmp/
# PYPI=1 makes lgpio compile its C library; without it there is an empty module.
RUN PYPI=1 /opt/pip/bin/pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes -r /tmp/pi.lock \
 && python -c 'import lgpio; lgpio.gpiochip_open'

# The tests, with libcamera's virtual camera in place of a real one.
FROM build AS test
COPY requirements/dev.lock /tmp/
RUN /opt/pip/bin/pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes -r /tmp/dev.lock
COPY tests/picamera/virtual.yaml /usr/share/libcamera/pipeline/virtual/
WORKDIR /opt/eyepiece
COPY pyproject.toml ./
COPY app ./app
COPY hw ./hw
COPY tests ./tests
CMD ["pytest", "tests/picamera", "tests/wire", "tests/contracts", "--real"]
