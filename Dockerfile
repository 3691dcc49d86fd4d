# syntax=docker/dockerfile:1
# One image for every process of a server: the command decides which one it is (compose.yaml).

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/courtyard
COPY requirements/production.txt /tmp/production.txt
# The file carries a hash of every package, so pip refuses anything that is not what was tested.
RUN /opt/courtyard/bin/pip install -r /tmp/production.txt
WORKDIR /srv/courtyard
COPY manage.py ./
COPY config ./config
COPY accounts ./accounts
COPY catalog ./catalog
COPY messaging ./messaging
COPY bookings ./bookings
COPY templates ./templates
COPY deploy/probe.py deploy/throwaway_environment.py ./deploy/
# Collected with the settings of production, whose keys last for this one step.
RUN /opt/courtyard/bin/python deploy/throwaway_environment.py > /tmp/environment \
    && ENV_FILE=/tmp/environment DJANGO_SETTINGS_MODULE=config.settings.production \
       /opt/courtyard/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && find . -name __pycache__ -prune -exec rm -rf {} + \
    && /opt/courtyard/bin/python -m compileall -q config accounts catalog messaging bookings

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /srv/courtyard --shell /usr/sbin/nologin courtyard \
    && install --directory --owner courtyard --group courtyard /var/lib/courtyard
COPY --from=build /opt/courtyard /opt/courtyard
COPY --from=build /srv/courtyard /srv/courtyard
WORKDIR /srv/courtyard
ENV PATH=/opt/courtyard/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    DATA_DIR=/var/lib/courtyard
USER courtyard
VOLUME /var/lib/courtyard
EXPOSE 8000
# Liveness touches no database: a database that is away is no reason to restart the web process.
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "/srv/courtyard/deploy/probe.py"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--respawn-failed-workers", "--blocking-threads", "2", "--no-ws", "config.wsgi:application"]
