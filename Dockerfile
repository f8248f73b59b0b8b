# One image for every part of the service; compose.yaml says which part each container is.
# On its own it runs all of them:  docker run -p 8000:8000 -v nianbao:/data nianbao

FROM debian:bookworm-slim AS machine
# The same packages as in script/bootstrap. LibreOffice's bridge needs Debian's own Python, so we run on it too.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      python3 libreoffice-writer-nogui python3-uno libjemalloc2 redis-server bubblewrap fontconfig \
      fonts-noto-cjk fonts-arphic-gkai00mp fonts-liberation fonts-babelstone-han fonts-dejavu-core tzdata util-linux \
 && rm -rf /var/lib/apt/lists/*


FROM machine AS fangsong
# Without it: docker build --build-arg FONTS=clean (仿宋 is then drawn with Noto Serif; see script/bootstrap).
ARG FONTS=fandol
WORKDIR /fonts
RUN if [ "$FONTS" = fandol ]; then \
      apt-get update && apt-get download texlive-lang-chinese \
      && dpkg-deb --fsys-tarfile texlive-lang-chinese_*.deb \
         | tar -xO --wildcards '*/fandol/FandolFang-Regular.otf' > FandolFang-Regular.otf \
      && rm texlive-lang-chinese_*.deb; \
    fi


FROM machine AS environment
RUN apt-get update && apt-get install -y --no-install-recommends python3-venv
WORKDIR /app
# With documents in an S3-compatible store: docker build --build-arg LOCK=requirements-s3.lock
ARG LOCK=requirements.lock
COPY requirements.lock requirements-s3.lock ./
RUN python3 -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r "$LOCK"
COPY . .
RUN .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . \
 && .venv/bin/python -m compileall -q reports storage workers service


FROM machine
RUN useradd --uid 10001 --home-dir /data --no-create-home nianbao \
 && install -d -o nianbao -g nianbao /data
COPY --from=fangsong /fonts /usr/local/share/fonts
COPY --from=environment /app /app
# 0.0.0.0: a container's own network is the border; compose.yaml says what is let through.
ENV PATH=/app/.venv/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    NIANBAO_DATA_DIR=/data \
    NIANBAO_BIND=0.0.0.0:8000
USER nianbao
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["nianbao"]
CMD ["up"]
