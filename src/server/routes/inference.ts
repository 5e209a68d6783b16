import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {RiceError} from '../../common/errors.ts';
import {packageVersion} from '../../common/package-root.ts';
import type {ServerContext} from '../context.ts';
import {inputsOf, outputsOf} from '../inference/protocol.ts';
import {type RouteDescription, routeSchema} from '../openapi/route-schema.ts';
import {aboutInfer, infer} from './infer.ts';

interface ModelParameters {
  model: string;
  version?: string;
}

/** The Open Inference Protocol v2 under `/v2`. */
export async function addInference(app: FastifyInstance, context: ServerContext): Promise<void> {
  await app.register(
    async (scope) => {
      const {model} = context;
      const one = `/v2/models/${encodeURIComponent(model.name)}`;
      addModel(scope, context, '/models/:model', {address: one, params: {model: {const: model.name}}});
      addModel(scope, context, '/models/:model/versions/:version', {
        address: `${one}/versions/${encodeURIComponent(model.version)}`,
        params: {model: {const: model.name}, version: {const: model.version}},
      });
      addServer(scope, context);
    },
    {prefix: '/v2'},
  );
}

/** What is asked of the model, with or without its version in the path. */
function addModel(
  scope: FastifyInstance,
  context: ServerContext,
  path: string,
  {address, params}: {address: string; params: Record<string, object>},
): void {
  const route = (about: RouteDescription) => ({
    schema: routeSchema(context, {...about, params}),
    // Headers and path are looked at before the body.
    preHandler: async (request: FastifyRequest) => requireModel(request.params as ModelParameters, context.model),
  });
  const missing = {tag: 'Inference protocol', errors: ['ROUTE_NOT_FOUND']} as const;
  scope.post(`${path}/infer`, route(aboutInfer(context, address)), (request, reply) => infer(request, reply, context));
  const described = route({
    ...missing,
    summary: 'Inputs and outputs of the model',
    example: `curl $URL${address}`,
    answers: {'application/json': {type: 'object'}},
  });
  scope.get(path, described, () => describeModel(context));
  const ready = route({
    ...missing,
    summary: 'Whether the model can answer',
    answers: {'application/json': flag('ready')},
    mayBeUnready: true,
  });
  scope.get(`${path}/ready`, ready, (_, reply) => answerReady(reply, context));
}

/** What is asked of the server, whichever model it serves. */
function addServer(scope: FastifyInstance, context: ServerContext): void {
  const version = packageVersion();
  const about = (summary: string, answer: object, mayBeUnready = false) => ({
    schema: routeSchema(context, {
      tag: 'Inference protocol',
      summary,
      answers: {'application/json': answer},
      mayBeUnready,
    }),
  });
  const server = about('The server and its extensions', {type: 'object'});
  scope.get('/', server, () => ({name: 'rice', version, extensions: ['binary_tensor_data']}));
  scope.get('/health/live', about('Whether the server lives', flag('live')), () => ({live: true}));
  const ready = about('Whether the server can answer', flag('ready'), true);
  scope.get('/health/ready', ready, (_, reply) => answerReady(reply, context));
}

function answerReady(reply: FastifyReply, {state}: ServerContext) {
  const yes = state.ready() && !state.stopping;
  return reply.code(yes ? 200 : 503).send({ready: yes});
}

function flag(name: string): object {
  return {type: 'object', properties: {[name]: {type: 'boolean'}}, required: [name]};
}

function describeModel({model, metadata, outputs}: ServerContext) {
  return {
    name: model.name,
    versions: [model.version],
    platform: 'onnx_onnxv1',
    inputs: inputsOf(metadata.input),
    outputs: outputsOf(model.labels, outputs),
  };
}

function requireModel({model, version}: ModelParameters, served: ServerContext['model']): void {
  if (model !== served.name)
    throw new RiceError('ROUTE_NOT_FOUND', `there is no model ${JSON.stringify(model)}: this is ${served.name}`);
  if (version !== undefined && version !== served.version)
    throw new RiceError(
      'ROUTE_NOT_FOUND',
      `there is no version ${JSON.stringify(version)} of ${model}: this is ${served.version}`,
    );
}
