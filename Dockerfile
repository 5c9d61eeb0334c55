# The server alone: Node, the compiled code and what it needs at run time, as an unprivileged user.
# No shell, no package manager, no tests. Policies and chancery.yaml are mounted.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm install --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY build build
COPY src src
RUN npm run build

FROM node:24-bookworm-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm install --omit=dev --ignore-scripts

# Node with the shared libraries it names, the one that onnxruntime-node names besides, should that be
# mounted, and nothing else of the distribution.
FROM node:24-bookworm-slim AS runtime
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN mkdir -p /image/etc/chancery \
    && ldd /usr/local/bin/node | grep -o '/[^ ]*' | xargs cp --parents -L -t /image /usr/local/bin/node \
    && cp --parents -L -t /image "$(dirname "$(ldd /usr/local/bin/node | grep -o '/[^ ]*/libc\.so\.6')")/librt.so.1" \
    && echo 'chancery:x:65532:65532::/var/lib/chancery:/none' > /image/etc/passwd \
    && echo 'chancery:x:65532:' > /image/etc/group \
    && mkdir -p /owned/run/chancery /owned/var/lib/chancery /owned/tmp \
    && chmod 0750 /owned/run/chancery \
    && chmod 0700 /owned/var/lib/chancery

FROM scratch
COPY --from=runtime /image /
COPY --from=runtime --chown=65532:65532 /owned /
WORKDIR /app
COPY --from=dependencies /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json LICENSE README.md ./
COPY bin bin
COPY envoy envoy
COPY policies policies
COPY proto proto
USER 65532:65532
ENV NODE_ENV=production
VOLUME /var/lib/chancery
# 9002 gRPC where no socket is used, 9003 health, metrics and status.
EXPOSE 9002 9003
# No code from strings, no __proto__. `chancery probe` builds its codec at run time and needs the
# first flag left out: --entrypoint node, then bin/chancery.js probe.
ENTRYPOINT ["/usr/local/bin/node", "--disallow-code-generation-from-strings", "--disable-proto=delete", "--unhandled-rejections=strict", "bin/chancery.js"]
CMD ["serve", "--config", "/etc/chancery/chancery.yaml"]
