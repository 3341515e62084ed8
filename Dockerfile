# syntax=docker/dockerfile:1
# Three stages, so that the image holds the built service and what it needs at run time, no compiler.
FROM node:20.20.2-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json ./

FROM base AS build
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json .swcrc ./
COPY src ./src
COPY projections ./projections
COPY examples ./examples
COPY build ./build
RUN npm run build

FROM base AS dependencies
RUN npm ci --omit=dev && npm cache clean --force

FROM node:20.20.2-bookworm-slim AS runtime
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DAYBOOK_DATA=/var/lib/daybook
WORKDIR /app
# The folder is for whoever runs the image with embedded stores; a volume put there inherits its owner.
RUN install -d -o node -g node -m 0700 /var/lib/daybook
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY migrations ./migrations
USER node
EXPOSE 3000
# No shell in between: the service receives SIGTERM itself and drains.
ENTRYPOINT ["node", "--enable-source-maps", "dist/src/cli/main.js"]
CMD ["api"]
