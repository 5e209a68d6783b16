# `rice` in a container: `rice serve` at port 8080 unless told otherwise, any other command as arguments.
#
#   docker build -t rice .
#   docker run --rm -p 8080:8080 --read-only rice
#   docker run --rm -v "$PWD/photos:/photos:ro" rice predict /photos
ARG NODE=22-bookworm-slim

# Builds dist/ with everything that development needs.
FROM node:${NODE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

# What runs: locked versions, without development; of onnxruntime only the files for this machine.
FROM node:${NODE} AS install
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts \
  && find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d \
    ! -path "*/linux/$(node -p process.arch)" -exec rm -r {} + \
  && rm -rf node_modules/typescript node_modules/@typescript \
  && npm cache clean --force
COPY --from=build /build/dist dist
COPY --from=build /build/oclif.manifest.json oclif.manifest.json
COPY bin bin
COPY models models
COPY schemas schemas
COPY LICENSE ./

FROM node:${NODE}
# Nobody installs anything in a running container; npm would only be more to keep up to date.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg \
  && ln -s /app/bin/run.js /usr/local/bin/rice
COPY --from=install /app /app
ENV NODE_ENV=production PORT=8080
USER 1000:1000
WORKDIR /tmp
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["rice"]
CMD ["serve"]
