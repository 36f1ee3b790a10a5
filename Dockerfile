# The command in a container: two stages, an unprivileged user, nothing to write but /data.
#   docker build --tag treffsikker .
#   docker run --rm --volume "$PWD/tonight:/data" treffsikker plan /data

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
RUN pip install --no-cache-dir --no-build-isolation --no-deps .

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 treffsikker
COPY --from=build /opt/treffsikker /opt/treffsikker
ENV PATH=/opt/treffsikker/bin:$PATH PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=/tmp/matplotlib
USER treffsikker
WORKDIR /data
ENTRYPOINT ["treffsikker"]
CMD ["--help"]
