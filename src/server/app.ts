import type {Socket} from 'node:net';
import fastify, {type FastifyInstance, type FastifyReply, type FastifyRequest, LogController} from 'fastify';
import {RiceError} from '../common/errors.ts';
import type {ServerContext} from './context.ts';
import {account} from './http/accounting.ts';
import {sendError} from './http/errors.ts';
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

/** Milliseconds. Load balancers keep a connection for 60 seconds, and must not find it closed when they use it again. */
const KEEP_ALIVE = 75_000;
const HEADERS_TIMEOUT = 15_000;
/** How often connections are looked at that take too long. */
const CHECK_INTERVAL = 1000;
/** What is over its own time is ended by its route; this is for those that no route has seen. */
const TIMEOUT_MARGIN = 5000;

/** The HTTP side of the server: what holds for every request, and the routes. Listens to nothing yet. */
export async function createApp(context: ServerContext): Promise<FastifyInstance> {
  const {settings} = context;
  const app = fastify({
    loggerInstance: context.log,
    logController: new LogController({disableRequestLogging: true}),
    // One for all: what is logged of a request names its id itself.
    childLoggerFactory: (log) => log,
    genReqId: requestId,
    trustProxy: (_address, hop) => hop < settings.trustedProxies,
    requestTimeout: settings.timeout * 1000 + TIMEOUT_MARGIN,
    keepAliveTimeout: KEEP_ALIVE,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    http: {headersTimeout: HEADERS_TIMEOUT, connectionsCheckingInterval: CHECK_INTERVAL},
    routerOptions: {ignoreTrailingSlash: true, maxParamLength: 256},
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply, context),
  });
  // Bodies are read by their routes, which know how much they may be.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.decorateRequest('note', null);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
    account(request, reply, context);
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    // A connection that is kept would keep the process.
    if (context.state.stopping) reply.header('connection', 'close');
    done(null, payload);
  });
  await addRateLimit(app, context);
  await addCors(app, context);
  addKey(app, context);
  app.addHook('onRequest', (request, _reply, done) => {
    const work = request.method === 'POST' && context.state.stopping;
    done(work ? new RejectedRequest('stopping', 'SERVER_STOPPING', 'the server is about to end') : undefined);
  });
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, context));
  // In the order of the description.
  const describe = describeRoutes(app, context);
  addPredict(app, context);
  await addInference(app, context);
  addHealth(app, context);
  addMetrics(app, context);
  addPage(app, context);
  addDocumentation(app, context, describe);
  app.setNotFoundHandler((request, reply) => sendError(whatIsMissing(app, request, reply), request, reply, context));
  return app;
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
  // One hook for all, before the key is asked for: guesses and paths that lead nowhere count as well.
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

/** A path that is known by another method, or no path at all. */
function whatIsMissing(app: FastifyInstance, {method, url}: FastifyRequest, reply: FastifyReply): RiceError {
  const path = url.split('?', 1)[0];
  const allowed = (['GET', 'POST'] as const).filter((other) => app.findRoute({method: other, url: path}) !== null);
  if (allowed.length === 0) return new RiceError('ROUTE_NOT_FOUND', `there is nothing at ${path.slice(0, 200)}`);
  reply.header('allow', allowed.join(', '));
  return new RiceError('METHOD_NOT_ALLOWED', `${path} does not take ${method}`);
}

/** Answers what is no HTTP, or takes too long to become it. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const rejection = late
    ? new RiceError('REQUEST_TIMEOUT', 'the request did not arrive in time')
    : new RiceError('REQUEST_INVALID', 'this is no HTTP request that can be read');
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
