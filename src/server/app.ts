import type {Socket} from 'node:net';
import fastify, {type FastifyInstance, type FastifyReply, type FastifyRequest, LogController} from 'fastify';
import {RiceError} from '../common/errors.ts';
import type {ServerContext} from './context.ts';
import {account} from './http/accounting.ts';
import {withoutBasePath} from './http/base-path.ts';
import {sendError} from './http/errors.ts';
import {requireKnownHost} from './http/host.ts';
import type {HttpServers} from './http/http-servers.ts';
import {requestId} from './http/request-id.ts';
import {keyGuard, SECURITY_HEADERS} from './http/security.ts';
import {describeRoutes} from './openapi/describe.ts';
import {RejectedRequest} from './rejected-request.ts';
import {addDocumentation} from './routes/documentation.ts';
import {addHealth} from './routes/health.ts';
import {addInference} from './routes/inference.ts';
import {addMetrics} from './routes/metrics.ts';
import {addPage} from './routes/page.ts';
import {addPredict} from './routes/predict.ts';
import {addScan} from './routes/scan.ts';

const MEDIA_TYPE = /^\s*[\w!#$&^.+-]+\/[\w!#$&^.+*-]+\s*(?:;|$)/;

/**
 * Creates the HTTP application: hooks for all requests, and the routes. It does not listen yet.
 *
 * @param servers makes what it listens with
 */
export async function createApp(context: ServerContext, servers: HttpServers): Promise<FastifyInstance> {
  const {settings} = context;
  const app = fastify({
    loggerInstance: context.log,
    logController: new LogController({disableRequestLogging: true}),
    // No child loggers: log entries of a request contain its id.
    childLoggerFactory: (log) => log,
    genReqId: requestId,
    trustProxy: (_address, hop) => hop < settings.trustedProxies,
    // The servers close their connections themselves.
    forceCloseConnections: false,
    return503OnClosing: false,
    ...(settings.basePath === undefined ? {} : {rewriteUrl: stripper(settings.basePath)}),
    serverFactory: (handle) => servers.create(handle),
    routerOptions: {ignoreTrailingSlash: true, maxParamLength: 256},
    clientErrorHandler: rejectConnection,
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply, context),
  });
  // Routes read the bodies themselves, since they know the size limits.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.decorateRequest('note', null);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
    account(request, reply, context);
    // fastify would refuse it; to a picture the type does not matter.
    if (!MEDIA_TYPE.test(request.headers['content-type'] ?? '')) delete request.raw.headers['content-type'];
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    // An open connection would keep the process alive.
    if (context.state.stopping) reply.header('connection', 'close');
    done(null, payload);
  });
  addHosts(app, context);
  await addRateLimit(app, context);
  await addCors(app, context);
  addKey(app, context);
  app.addHook('onRequest', (request, _reply, done) => {
    const late = request.method === 'POST' && context.state.closing;
    done(late ? new RejectedRequest('stopping', 'SERVER_STOPPING', 'the server is shutting down') : undefined);
  });
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, context));
  // In the order of the description.
  const describe = describeRoutes(app, context);
  addPredict(app, context);
  addScan(app, context);
  await addInference(app, context);
  addHealth(app, context);
  addMetrics(app, context);
  addPage(app, context);
  addDocumentation(app, context, describe);
  app.setNotFoundHandler((request, reply) => sendError(notFoundError(app, request, reply), request, reply, context));
  return app;
}

function stripper(basePath: string): (request: {url?: string | undefined}) => string {
  return ({url = '/'}) => withoutBasePath(url, basePath);
}

function addHosts(app: FastifyInstance, {settings: {allowedHosts}}: ServerContext): void {
  if (allowedHosts === undefined) return;
  app.addHook('onRequest', (request, _reply, done) => {
    requireKnownHost(request.headers.host, allowedHosts);
    done();
  });
}

async function addRateLimit(app: FastifyInstance, {settings}: ServerContext): Promise<void> {
  if (settings.rateLimit === 0) return;
  const {default: rateLimit} = await import('@fastify/rate-limit');
  await app.register(rateLimit, {
    global: false,
    max: settings.rateLimit,
    timeWindow: '1 minute',
    allowList: (request) => ['/livez', '/readyz'].includes(request.routeOptions.url ?? ''),
    errorResponseBuilder: (_, {max, after}) =>
      new RejectedRequest('rate limit', 'RATE_LIMITED', `more than ${max} requests in a minute; wait for ${after}`),
  });
  // A global hook before the key is checked, so that guessed keys and unknown paths count as well.
  app.addHook('onRequest', app.rateLimit());
}

async function addCors(app: FastifyInstance, {settings: {corsOrigins}}: ServerContext): Promise<void> {
  if (corsOrigins.length === 0) return;
  const {default: cors} = await import('@fastify/cors');
  await app.register(cors, {
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  });
  app.addHook('onRequest', (_, reply, done) => {
    reply.header('cross-origin-resource-policy', 'cross-origin');
    done();
  });
}

function addKey(app: FastifyInstance, {settings: {apiKey}}: ServerContext): void {
  if (apiKey === undefined) return;
  const guard = keyGuard(apiKey);
  app.addHook('onRequest', (request, reply, done) => {
    guard(request, reply);
    done();
  });
}

/** The error for a path that exists with another method, or not at all. */
function notFoundError(app: FastifyInstance, {method, url}: FastifyRequest, reply: FastifyReply): RiceError {
  const path = url.split('?', 1)[0];
  const allowed = (['GET', 'POST'] as const).filter((other) => app.findRoute({method: other, url: path}) !== null);
  if (allowed.length === 0) return new RiceError('ROUTE_NOT_FOUND', `there is no route ${path.slice(0, 200)}`);
  reply.header('allow', allowed.join(', '));
  return new RiceError('METHOD_NOT_ALLOWED', `${path} does not accept ${method}`);
}

/** Answers a connection that does not send valid HTTP, or not in time. */
function rejectConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const rejection = late
    ? new RiceError('REQUEST_TIMEOUT', 'the request did not arrive in time')
    : new RiceError('REQUEST_INVALID', 'this is not a valid HTTP request');
  const status = late
    ? '408 Request Timeout'
    : error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : '400 Bad Request';
  const body = JSON.stringify({error: rejection.toJSON()});
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
