import type {FastifyInstance} from 'fastify';
import type {ServerContext} from '../context.ts';
import {rarely} from '../metrics/rarely.ts';
import {routeSchema, TEXT} from '../openapi/route-schema.ts';

/** What Prometheus reads. */
export function addMetrics(app: FastifyInstance, context: ServerContext): void {
  const {registry} = context.metrics;
  const text = rarely(() => registry.metrics());
  const schema = routeSchema(context, {
    tag: 'Operation',
    summary: 'Metrics for Prometheus',
    example: 'curl $URL/metrics',
    answers: {'text/plain': TEXT},
  });
  app.get('/metrics', {schema}, async (_, reply) => reply.type(registry.contentType).send(await text()));
}
