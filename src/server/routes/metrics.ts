import type {FastifyInstance} from 'fastify';
import type {ServerContext} from '../context.ts';

/** What Prometheus reads. */
export function addMetrics(app: FastifyInstance, {metrics: {registry}}: ServerContext): void {
  app.get('/metrics', async (_, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
