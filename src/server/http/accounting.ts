import type {FastifyReply, FastifyRequest} from 'fastify';
import type {ServerContext} from '../context.ts';
import {traceId} from './request-id.ts';

/** The usual code (nginx) for a client that closed the connection before the answer. */
const CLIENT_GONE = 499;

/** Routes that machines poll; logged at level info only if they fail. */
const QUIET_ROUTES = new Set(['/livez', '/readyz', '/metrics', '/v2/health/live', '/v2/health/ready']);

/** Measures and logs a request when it ends, in whatever way. */
export function account(request: FastifyRequest, reply: FastifyReply, context: ServerContext): void {
  const {metrics} = context;
  const started = performance.now();
  metrics.inProgress.inc();
  reply.raw.once('close', () => {
    const seconds = (performance.now() - started) / 1000;
    const status = reply.raw.writableFinished ? reply.raw.statusCode : CLIENT_GONE;
    const route = request.routeOptions.url ?? 'unknown';
    metrics.inProgress.dec();
    metrics.requests.inc({route, method: knownMethod(request.method), code: status});
    metrics.requestSeconds.observe({route}, seconds);
    logRequest(request, {status, seconds, route}, context);
  });
}

function logRequest(
  request: FastifyRequest,
  {status, seconds, route}: {status: number; seconds: number; route: string},
  {settings, log}: ServerContext,
): void {
  const level = levelOf(status);
  const quiet = level === 'info' && QUIET_ROUTES.has(route);
  const trace = traceId(request.raw);
  log[quiet ? 'debug' : level](
    {
      requestId: request.id,
      ...(trace === undefined ? {} : {'logging.googleapis.com/trace': traceName(trace, settings.cloudProject)}),
      ...(request.note === null ? {} : request.note),
      httpRequest: {
        requestMethod: request.method,
        // Without the query, which may contain secrets.
        requestUrl: request.url.split('?', 1)[0].slice(0, 200),
        status,
        latency: `${seconds.toFixed(6)}s`,
        remoteIp: request.ip,
        requestSize: request.headers['content-length'],
        userAgent: request.headers['user-agent']?.slice(0, 200),
      },
    },
    `${request.method} ${route} ${status}`,
  );
}

function levelOf(status: number): 'info' | 'warn' | 'error' {
  if (status >= 500 && status !== 503) return 'error';
  return status >= 400 && status !== CLIENT_GONE ? 'warn' : 'info';
}

/** The format in which Cloud Logging links log entries to traces. */
function traceName(trace: string, project: string | undefined): string {
  return project === undefined ? trace : `projects/${project}/traces/${trace}`;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Replaces unknown methods, since a client could create a time series for each. */
function knownMethod(method: string): string {
  return METHODS.has(method) ? method : 'other';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Fields that the route adds to the log entry. */
    note: Record<string, unknown> | null;
  }
}
