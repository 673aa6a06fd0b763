# The colloquy command as an image: docs/deployment.md shows how it is run.
#
# The base is the line of Node that has long-term support; any image of a Node from 22.18 on that has a shell will do,
# also one that is pinned: --build-arg NODE_IMAGE=node:26-slim@sha256:…
ARG NODE_IMAGE=node:26-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
ENV CI=true

# What is installed is named here only: these layers are kept until a manifest or the lockfile changes.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npm install --global "$(node --print 'require("./package.json").packageManager')"
COPY packages/assistant/package.json packages/assistant/
COPY packages/chat/package.json packages/chat/
COPY packages/cli/package.json packages/cli/
COPY packages/client/package.json packages/client/
COPY packages/contract/package.json packages/contract/
COPY packages/model-server/package.json packages/model-server/
COPY packages/server/package.json packages/server/
COPY packages/session/package.json packages/session/
COPY apps/server/package.json apps/server/
COPY scripts/refuse-other-package-managers.mjs scripts/
RUN pnpm install --frozen-lockfile --filter '@colloquy/server-app...'

COPY . .
RUN pnpm --filter '@colloquy/server-app...' run build
RUN pnpm --filter @colloquy/server-app deploy --prod /out
RUN node scripts/prune-deployed.mjs /out

FROM ${NODE_IMAGE}
COPY LICENSE /opt/colloquy/
COPY --from=build /out /opt/colloquy

# A port in the variable counts for the health check too. In a container, all that reaches 0.0.0.0 is what was let in.
ENV NODE_ENV=production COLLOQUY_HOST=0.0.0.0 COLLOQUY_PORT=8000 COLLOQUY_DATA_DIR=/data
EXPOSE 8000

# Sessions are kept here. A volume that is new gets the owner and the mode of this folder.
RUN mkdir --mode=0700 /data && chown 1000:1000 /data
VOLUME /data

# Everything else belongs to root and nothing else has to be written, so the root file system may be read-only. The user
# is a number, so that Kubernetes can see that it is not root.
USER 1000:1000

# Where a module and colloquy.config.json are mounted or copied to; relative paths start here.
WORKDIR /srv

# Ready, not only alive: those who read this (depends_on, load balancers) ask where they may send requests to.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.COLLOQUY_PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

# Node is the first process and gets the signals itself: SIGTERM lets running turns finish.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/opt/colloquy/node_modules/colloquy/dist/bin.js"]
CMD ["serve"]

ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Colloquy" \
  org.opencontainers.image.description="A chat server for any chat backend" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
