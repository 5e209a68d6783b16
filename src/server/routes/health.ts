import type {FastifyInstance} from 'fastify';
import type {ServerContext} from '../context.ts';
import {routeSchema, TEXT} from '../openapi/route-schema.ts';

const STATUS = {type: 'object', properties: {status: TEXT}, required: ['status']};

/** Whether the process lives, and whether it is worth to send it requests. */
export function addHealth(app: FastifyInstance, context: ServerContext): void {
  const {state} = context;
  const about = (summary: string) => ({
    schema: routeSchema(context, {
      tag: 'Operation',
      summary,
      open: true,
      answers: {'application/json': STATUS},
      mayBeUnready: true,
    }),
  });
  app.get('/livez', about('Whether the process lives'), (_, reply) =>
    state.stuck() ? reply.code(503).send({status: 'stuck'}) : {status: 'ok'},
  );
  const worth = 'Whether it is worth to send it requests: 503 before the model is warm, and while the server ends';
  app.get('/readyz', about(worth), (_, reply) => {
    if (state.stopping) return reply.code(503).send({status: 'stopping'});
    if (!state.ready()) return reply.code(503).send({status: 'starting'});
    return {status: 'ok'};
  });
}
