# `rice` in a container: `rice serve` at port 8080 unless told otherwise, any other command as arguments.
#
#   docker build -t rice .
#   docker run --rm -p 8080:8080 --read-only rice
#   docker run --rm -v "$PWD/photos:/photos:ro" rice predict /photos
#
# For several architectures at once: docker buildx build --platform linux/amd64,linux/arm64 .
# What is written out in full in each stage, tag and digest, is raised by Dependabot, which reads no ARG.

# Builds dist/ with everything that development needs. It is the same on every machine: nothing is emulated for it.
FROM --platform=$BUILDPLATFORM node:24.19.0-bookworm-slim@sha256:a9f5f7c91a432850b2a8a7797adf5eadb6c733ceed61167806cee7ea7fbc29df AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY . .
RUN npm run build

# What runs: locked versions, without development; of onnxruntime only the files for the machine that it is for. npm takes
# native packages for another machine than its own, so that this stage needs no emulation either.
FROM --platform=$BUILDPLATFORM node:24.19.0-bookworm-slim@sha256:a9f5f7c91a432850b2a8a7797adf5eadb6c733ceed61167806cee7ea7fbc29df AS install
ARG TARGETARCH
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm \
  if [ "$TARGETARCH" = amd64 ]; then cpu=x64; else cpu="$TARGETARCH"; fi \
  && npm ci --omit=dev --ignore-scripts --os=linux --cpu="$cpu" --libc=glibc \
  && find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d \
    ! -path "*/linux/$cpu" -exec rm -r {} + \
  && test -f "$(find node_modules/onnxruntime-node/bin -path "*/linux/$cpu/*.node")" \
  && rm -rf node_modules/typescript node_modules/@typescript
COPY --from=build /build/dist dist
COPY --from=build /build/oclif.manifest.json oclif.manifest.json
COPY bin bin
COPY models models
COPY schemas schemas
COPY LICENSE ./

FROM node:24.19.0-bookworm-slim@sha256:a9f5f7c91a432850b2a8a7797adf5eadb6c733ceed61167806cee7ea7fbc29df
# Nobody installs anything in a running container; npm would only be more to keep up to date.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg \
  && ln -s /app/bin/run.js /usr/local/bin/rice
COPY --from=install /app /app
# Source, revision, version and time are those of the build: .github/workflows/image.yml.
LABEL org.opencontainers.image.title="rice" \
  org.opencontainers.image.description="Tells the variety of rice grains from pictures" \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production PORT=8080
USER 1000:1000
WORKDIR /tmp
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["rice"]
CMD ["serve"]
