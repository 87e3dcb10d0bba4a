# pgbouncer as Debian has it. From 1.21 on it keeps prepared statements over transactions, without
# which each question to the database costs two or three times as much.
FROM debian:trixie-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends pgbouncer postgresql-client \
    && rm -rf /var/lib/apt/lists/*
USER postgres
EXPOSE 6432
STOPSIGNAL SIGINT
ENTRYPOINT ["pgbouncer", "/etc/pgbouncer/pgbouncer.ini"]
