# One run of syncer in a container; the outside schedules it (cron, a systemd timer, a CronJob
# with concurrencyPolicy: Forbid) and reads the exit code.
#
#   docker build --build-arg DIGEST=sha256:... --tag syncer .
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL \
#       --env-file agency.env --volume agency:/data syncer
#
# /data is the only volume: the configuration in /data/config, the state wherever that names it,
# below /data. Secrets come as environment or as mounted files, never with the image.
# Another command than `run` is given as an argument: `docker run ... syncer plan`.

# Pin the base by digest for builds that must be the same tomorrow.
ARG BASE=python:3.11-slim
ARG DIGEST=""

FROM ${BASE}${DIGEST:+@${DIGEST}} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_NO_INPUT=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# The libraries come first: their layer changes only when the lock does.
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --require-hashes --no-deps -r requirements.lock \
    && python -m pip install --require-hashes --no-deps -r requirements-build.lock
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY config config
COPY mappings mappings
COPY adapters adapters
COPY syncer syncer
# pip compiles what it installs, so nothing needs to be written at run time.
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /venv/bin/python -m pip install --no-deps /wheels/*.whl

FROM ${BASE}${DIGEST:+@${DIGEST}}
LABEL org.opencontainers.image.title="syncer" \
    org.opencontainers.image.description="Keeps an agency's tools in step, with owners" \
    org.opencontainers.image.licenses="MIT"
# Copied whole to the same place, so that its scripts find their interpreter.
COPY --from=build /venv /venv
# The root may be read-only: no bytecode is written, and what needs a home finds the tmpfs.
ENV PATH="/venv/bin:${PATH}" \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# A number, so that "run as non-root" can be checked without a look into the image. Made before
# VOLUME, so that a new volume belongs to this user.
RUN install -d -o 10001 -g 10001 -m 0750 /data
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
# For a container that stays (a scheduler that keeps it, `serve` later): is it alive? Configuration
# and state can be used; no vendor is called, and one that is down for a day restarts nothing.
# Whether every client is in step lately is another question: `status --max-age 30m`, from outside.
HEALTHCHECK --interval=5m --timeout=20s --start-period=10m --retries=2 \
    CMD ["syncer", "--config", "/data/config", "status", "--health"]
ENTRYPOINT ["syncer", "--config", "/data/config"]
CMD ["run"]
