import type {FastifyInstance} from 'fastify';
import type {ServerContext} from '../context.ts';

/** Whether the process lives, and whether it is worth to send it requests. */
export function addHealth(app: FastifyInstance, {state}: ServerContext): void {
  app.get('/livez', (_, reply) => (state.stuck() ? reply.code(503).send({status: 'stuck'}) : {status: 'ok'}));
  app.get('/readyz', (_, reply) => {
    if (state.stopping) return reply.code(503).send({status: 'stopping'});
    if (!state.ready()) return reply.code(503).send({status: 'starting'});
    return {status: 'ok'};
  });
}
