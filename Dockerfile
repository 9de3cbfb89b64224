# Eyepiece in one container. Stages: base, build, test, runtime (the last is what `docker compose up` runs).
ARG BASE=debian:trixie-slim

# Debian's Python and libcamera. Trixie's own libcamera 0.4 lacks what Picamera2 0.3.38 and the Pi 5 need. Mesa's drivers
# come with it for cameras without a processor of their own, which a Raspberry Pi's are not: dpkg is told not to unpack
# them. They are 200 MB, and would be loaded by name alone.
FROM ${BASE} AS base
# Backports come from wherever the base image has its packages from.
# hadolint ignore=DL3008,DL4006,SC2016
RUN printf 'path-exclude=/usr/lib/*/%s\n' 'libLLVM*' 'libgallium*' 'libz3.so*' > /etc/dpkg/dpkg.cfg.d/without-mesa \
 && apt-get update \
 && mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: trixie' | head -n 1) \
 && echo "deb ${mirror} trixie-backports main" > /etc/apt/sources.list.d/backports.list \
 && apt-get update \
 && apt-get install -y --no-install-recommends python3 libarchive13t64 libcap2 \
 && apt-get install -y --no-install-recommends -t trixie-backports python3-libcamera libcamera-ipa \
 && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONSAFEPATH=1 \
    PYTHONPATH=/opt/eyepiece \
    OPENBLAS_NUM_THREADS=1 \
    GPIOZERO_PIN_FACTORY=lgpio \
    LIBCAMERA_LOG_LEVELS=*:WARN

# The virtual environment; pip stays outside of it and so outside of the image.
FROM base AS build
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-venv python3-dev gcc libc6-dev libcap-dev swig \
 && rm -rf /var/lib/apt/lists/* \
 && python3 -m venv /opt/pip \
 && python3 -m venv --system-site-packages --without-pip /opt/venv
COPY requirements/pi.lock /tmp/
# PYPI=1 makes lgpio compile its C library; without it there is an empty module. numpy's own tests are 10 MB.
RUN PYPI=1 /opt/pip/bin/pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes -r /tmp/pi.lock \
 && python -c 'import lgpio; lgpio.gpiochip_open' \
 && find /opt/venv -type d -path '*/numpy/*' -name tests -prune -exec rm -r {} +
COPY app /opt/eyepiece/app
COPY hw /opt/eyepiece/hw
COPY scripts/verify /opt/eyepiece/scripts/verify
# Compiled now: the running container cannot write beside its sources.
RUN python -m compileall -q /opt/eyepiece

# The tests, on libcamera's virtual camera.
FROM build AS test
COPY requirements/dev.lock /tmp/
RUN /opt/pip/bin/pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes -r /tmp/dev.lock
ENV LIBCAMERA_LOG_LEVELS=*:FATAL
COPY tests/picamera/virtual.yaml /usr/share/libcamera/pipeline/virtual/
WORKDIR /opt/eyepiece
COPY pyproject.toml ./
COPY scripts/benchmarks ./scripts/benchmarks
COPY tests ./tests
CMD ["pytest", "tests/picamera", "tests/wire", "tests/contracts", "--real"]

FROM base AS runtime
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/eyepiece /opt/eyepiece
RUN groupadd --gid 10001 eyepiece \
 && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin eyepiece \
 && install -d -o 10001 -g 10001 /data
USER 10001
# lgpio leaves a pipe in the folder that it is started in.
WORKDIR /tmp
VOLUME ["/data"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, ssl, urllib.request as u; u.urlopen(('https' if os.environ.get('EYEPIECE_HTTPS', '0') not in ('', '0') else 'http') + '://127.0.0.1:8000/healthz', timeout=4, context=ssl._create_unverified_context())"]
ENTRYPOINT ["python", "-m", "app", "--data", "/data"]
