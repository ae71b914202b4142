# petition-bot in a small image of its own: built in one stage, run in another that holds no compiler and no pip cache.
# It runs as user 10001, writes to /data alone, and takes a read-only root. docs/deploy.md says how it is used.
FROM python:3.13-slim AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/petition-bot
COPY requirements-postgres.txt ./
RUN /opt/petition-bot/bin/pip install --require-hashes -r requirements-postgres.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
RUN /opt/petition-bot/bin/pip install --no-deps --no-build-isolation . \
    && /opt/petition-bot/bin/pip uninstall --yes setuptools pip

FROM python:3.13-slim

RUN groupadd --system --gid 10001 petition-bot \
    && useradd --system --uid 10001 --gid petition-bot --home-dir /data --shell /usr/sbin/nologin petition-bot \
    && install --directory --owner petition-bot --group petition-bot --mode 0750 /data
COPY --from=build /opt/petition-bot /opt/petition-bot

ENV PATH=/opt/petition-bot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PETITION_BOT_CONFIG=/data/config.yaml
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=15s --start-period=90s --retries=3 CMD ["petition-bot", "alive"]
ENTRYPOINT ["petition-bot"]
CMD ["run", "--log", "json"]
