# The service, its workers and the command in a container: two stages, an unprivileged user, and a
# file system that can be read only, but for /data and /tmp.
#   docker build --tag treffsikker .
#   docker run --rm --user "$(id -u)" --volume "$PWD/tonight:/data" treffsikker plan /data
#   docker compose up --detach    the service with PostgreSQL, see compose.yaml

FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/treffsikker
ENV PATH=/opt/treffsikker/bin:$PATH
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY benchmarks benchmarks
COPY instances instances
COPY matcher matcher
RUN pip install --no-cache-dir --no-build-isolation --no-deps . \
 && python -m compileall -q /opt/treffsikker/lib

FROM python:3.11-slim
RUN useradd --no-create-home --home-dir /data --uid 10001 treffsikker \
 && install --directory --owner treffsikker --group treffsikker /data
COPY --from=build /opt/treffsikker /opt/treffsikker
ENV PATH=/opt/treffsikker/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    TREFFSIKKER_HOST=0.0.0.0 \
    TREFFSIKKER_PORT=8000
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
# Of use to what serves; compose.yaml turns it off for the workers.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
ENTRYPOINT ["treffsikker"]
CMD ["serve"]
