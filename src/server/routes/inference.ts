import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {RiceError} from '../../common/errors.ts';
import {packageVersion} from '../../common/package-root.ts';
import type {Prediction} from '../../model/classifier.ts';
import type {ServerContext} from '../context.ts';
import {deadlineOf} from '../http/deadline.ts';
import {inputsOf, JSON_LENGTH_HEADER, outputsOf} from '../inference/protocol.ts';
import {readInference} from '../inference/read-inference.ts';
import {writeInference} from '../inference/write-inference.ts';
import {readBody} from '../uploads/read-body.ts';
import {requirePlain} from '../uploads/read-upload.ts';

interface ModelParameters {
  model: string;
  version?: string;
}

/** The Open Inference Protocol v2 under `/v2`. */
export async function addInference(app: FastifyInstance, context: ServerContext): Promise<void> {
  const {model, state} = context;
  const version = packageVersion();
  await app.register(
    async (scope) => {
      scope.get('/', () => ({name: 'rice', version, extensions: ['binary_tensor_data']}));
      scope.get('/health/live', () => ({live: true}));
      const ready = (_: FastifyRequest, reply: FastifyReply) => {
        const yes = state.ready() && !state.stopping;
        return reply.code(yes ? 200 : 503).send({ready: yes});
      };
      scope.get('/health/ready', ready);
      for (const path of ['/models/:model', '/models/:model/versions/:version']) {
        // Headers and path are looked at before the body.
        const known = {
          preHandler: async ({params}: FastifyRequest) => requireModel(params as ModelParameters, model),
        };
        scope.get(path, known, () => describeModel(context));
        scope.get(`${path}/ready`, known, ready);
        scope.post(`${path}/infer`, known, (request, reply) => infer(request, reply, context));
      }
    },
    {prefix: '/v2'},
  );
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

async function infer(request: FastifyRequest, reply: FastifyReply, context: ServerContext) {
  const {settings, model, metadata, budget, limiter, queue, watch} = context;
  const signal = deadlineOf(request, reply, settings.timeout);
  const lease = budget.lease();
  try {
    requirePlain(request.raw);
    const body = await readBody(request.raw, {maxBody: settings.maxBody, lease, signal});
    const known = outputsOf(model.labels, context.outputs);
    const header = request.headers[JSON_LENGTH_HEADER];
    const inference = readInference(body, header === undefined ? undefined : Number(header), {
      window: metadata.input,
      outputs: known.map(({name}) => name),
      maxFiles: settings.maxFiles,
    });
    const {kind, inputs} = inference;
    const answers = await limiter.through(() => queue.classify(kind, inputs, signal));
    watch.see(
      answers,
      inputs.map(() => '-'),
      request.id,
    );
    request.note = {images: answers.length};
    const {json, tensors} = writeInference(inference, answers.map(requirePrediction), model, known);
    if (tensors.length === 0) return reply.type('application/json; charset=utf-8').send(json);
    return reply
      .header(JSON_LENGTH_HEADER, json.length)
      .type('application/octet-stream')
      .send(Buffer.concat([json, ...tensors]));
  } finally {
    lease.end();
  }
}

/** An inference is answered whole or not at all. */
function requirePrediction(answer: Prediction | RiceError, position: number): Prediction {
  if (!(answer instanceof RiceError)) return answer;
  throw new RiceError(answer.code, `picture ${position}: ${answer.message}`, {suggestions: answer.suggestions});
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
