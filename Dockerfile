# syntax=docker/dockerfile:1
# Two stages from one base: the first builds the wheel (Node comes from a Python wheel), the second only installs it.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE DATA_LICENSES package.json package-lock.json .npmrc ./
COPY tools tools
COPY static static
COPY templates templates
COPY languages languages
COPY engine engine
COPY app app
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /dist . \
    && /venv/bin/pip install --no-cache-dir --no-deps /dist/*.whl

FROM python:3.12-slim-bookworm
RUN useradd --create-home --uid 10001 descent && mkdir -p /data && chown descent /data
COPY --from=build /venv /venv
USER 10001
WORKDIR /data
ENV PATH=/venv/bin:$PATH HOST=0.0.0.0 PORT=8000 DESCENT_STORAGE_PATH=/data/descent.sqlite3 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["descent"]
