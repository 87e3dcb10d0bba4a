# tutorbot as an image: `docker build -t tutorbot .`. docs/running.md says how it is run.

ARG PYTHON=3.11
FROM python:${PYTHON}-slim AS build
WORKDIR /build
RUN python -m venv /opt/tutorbot
# Wheels alone, each by its hash: there is no compiler here, and none is wanted. The lock is
# complete, so pip need not look for more.
COPY requirements.lock ./
RUN /opt/tutorbot/bin/python -m pip install --disable-pip-version-check --no-cache-dir --no-deps \
    --only-binary :all: --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY tutorbot tutorbot
COPY content content
COPY migrations migrations
RUN /opt/tutorbot/bin/python -m pip install --disable-pip-version-check --no-cache-dir --no-deps \
    --no-build-isolation .

FROM python:${PYTHON}-slim
RUN groupadd --gid 10001 tutorbot \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/tutorbot \
        --shell /usr/sbin/nologin tutorbot \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/tutorbot
COPY --from=build /opt/tutorbot /opt/tutorbot
# Nothing is written but below TUTORBOT_DATA and /tmp, so the root may be read-only.
ENV PATH=/opt/tutorbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TUTORBOT_DATA=/var/lib/tutorbot \
    TUTORBOT_LISTEN=0.0.0.0:8080
USER 10001:10001
WORKDIR /var/lib/tutorbot
VOLUME /var/lib/tutorbot
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=3)"]
# No shell in between: SIGTERM is for Python.
STOPSIGNAL SIGTERM
ENTRYPOINT ["tutorbot"]
CMD ["run"]
