# The image of one service, or of the command line:
#
#   docker build --build-arg SERVICE=orders --tag comanda-orders .
#
# BUILD_BASE needs Node 20 or newer with npm; BASE is a Debian that gives the runtime its C library, and nothing else. Both can
# be local images. The Node inside is the one that the lock file pins. A registry of one's own: --secret id=npmrc,src=$HOME/.npmrc
ARG BUILD_BASE=node:24-bookworm-slim
ARG BASE=debian:12-slim

# What npm reads, alone: while no package changes, nothing is installed again.
FROM ${BUILD_BASE} AS manifests
WORKDIR /comanda
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete \
 && find . -type d -empty -delete

# The same for every service: all packages, and all services built.
FROM ${BUILD_BASE} AS workspace
WORKDIR /comanda
COPY --from=manifests /comanda ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,target=/root/.npm \
    npm ci --ignore-scripts --no-audit --no-fund && npm rebuild node
COPY . .
RUN node node_modules/typescript-native/bin/tsc -b apps/comanda apps/sandbox-psp

# What runs, and no more of it.
FROM workspace AS files
ARG SERVICE
RUN node scripts/image/gather.mjs "${SERVICE:?say which: --build-arg SERVICE=orders}" /image/comanda

# Node, and the libraries that it is linked with.
FROM ${BASE} AS runtime
COPY --from=workspace /comanda/node_modules/node/bin/node /image/usr/local/bin/node
COPY scripts/image/libraries.sh /libraries.sh
RUN sh /libraries.sh /image usr/local/bin/node

# No shell, no package manager: an attacker finds Node and the service. To look around: kubectl debug, or node -e.
FROM scratch
COPY --from=runtime /image /
COPY --from=files /image /
ARG SERVICE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="comanda-${SERVICE}" \
      org.opencontainers.image.description="Comanda, the point of sale for restaurant chains: ${SERVICE}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production HOME=/tmp PATH=/usr/local/bin
WORKDIR /comanda
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["node", "health.mjs"]
ENTRYPOINT ["node", "service/dist/src/main.js"]
