# The daemon as a small image: nothing but Python, the locked dependencies and Ingest; not run as root.
#
#   docker build -t ingest .
#   docker run --rm -v ingest:/data -v "$PWD/config:/config:ro" ingest
#
# /config is the configuration folder, so that the default database is /data/ingest.db. The page listens on the
# container's own loopback; to publish it set INGEST_WEB__HOST=0.0.0.0 and a token (see docker-compose.yml).

FROM python:3.13-slim AS wheel
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements/dev.lock requirements/
RUN pip install --require-hashes --requirement requirements/dev.lock
COPY pyproject.toml README.md LICENSE ./
COPY ingest ingest
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheel .

FROM python:3.13-slim AS install
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/ingest
COPY requirements/run.lock /tmp/
RUN /opt/ingest/bin/pip install --require-hashes --requirement /tmp/run.lock
COPY --from=wheel /wheel /wheel
RUN /opt/ingest/bin/pip install --no-deps /wheel/*.whl

FROM python:3.13-slim
RUN useradd --system --uid 10001 --user-group --no-create-home ingest \
    && install --directory --owner ingest --group ingest /data
COPY --from=install /opt/ingest /opt/ingest
COPY config /config
ENV PATH=/opt/ingest/bin:$PATH INGEST_CONFIG=/config PYTHONUNBUFFERED=1
USER ingest
WORKDIR /data
VOLUME /data
EXPOSE 8080
# Asked without any proxy that the environment may name.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "\
import os, urllib.request as web; \
port = os.environ.get('INGEST_WEB__PORT', '8080'); \
web.build_opener(web.ProxyHandler({})).open(f'http://127.0.0.1:{port}/healthz', timeout=4)"]
ENTRYPOINT ["ingest"]
CMD ["run"]
