# Local ImageKit in a container, with its data in the volume /data:
#
#     docker build --tag imagekit-local .
#     docker run --rm --publish 8080:8080 imagekit-local --public-url http://localhost:8080
#
# What follows the name of the image are options of `python -m imagekitio.local`. sample/compose.yaml runs it beside an
# application. Written where no Docker daemon was at hand: the options are tested, building and running are not.

FROM python:3.13-slim

COPY pyproject.toml setup.py README.md LICENSE /source/
COPY imagekitio /source/imagekitio
RUN pip install --no-cache-dir "/source[local]" \
    && useradd imagekit \
    && install --directory --owner imagekit /data

USER imagekit
WORKDIR /data
VOLUME /data
EXPOSE 8080

# Answers without credentials, and tells no secret.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["python", "-c", "import urllib.request as request; request.build_opener(request.ProxyHandler({})).open('http://127.0.0.1:8080/_local/health', timeout=2)"]

ENTRYPOINT ["python", "-m", "imagekitio.local", "--host", "0.0.0.0", "--port", "8080", "--data", "/data"]
