# syntax=docker/dockerfile:1
FROM node:22-bookworm-slim AS browser
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.12-slim-bookworm AS packages
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.12-slim-bookworm
RUN useradd --create-home --uid 10001 descent && mkdir -p /data && chown descent /data
WORKDIR /srv/descent
COPY --from=packages /venv /venv
COPY --from=browser /build/node_modules node_modules
COPY engine engine
COPY app app
COPY static static
COPY templates templates
USER descent
ENV PATH=/venv/bin:$PATH HOST=0.0.0.0 PORT=8000 DESCENT_STORAGE_PATH=/data/descent.sqlite3 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["python", "-m", "app"]
