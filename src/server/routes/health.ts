import type {FastifyInstance} from 'fastify';
import type {ServerContext} from '../context.ts';

/** Whether the process lives, and whether it is worth to send it requests. */
export function addHealth(app: FastifyInstance, {state}: ServerContext): void {
  app.get('/livez', () => ({status: 'ok'}));
  app.get('/readyz', (_, reply) => {
    if (state.stopping) return reply.code(503).send({status: 'stopping'});
    if (!state.ready()) return reply.code(503).send({status: 'starting'});
    return {status: 'ok'};
  });
}
