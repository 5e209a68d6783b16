import type {FastifyReply, FastifyRequest} from 'fastify';
import {RiceError} from '../../common/errors.ts';
import type {Prediction} from '../../model/classifier.ts';
import type {ServerContext} from '../context.ts';
import {deadlineOf} from '../http/deadline.ts';
import {FEATURES_OUTPUT, JSON_LENGTH_HEADER, outputsOf} from '../inference/protocol.ts';
import {readInference} from '../inference/read-inference.ts';
import {INFERENCE_REQUEST} from '../inference/request-schema.ts';
import {writeInference} from '../inference/write-inference.ts';
import {BINARY, type RouteDescription, reference, UPLOAD_ERRORS} from '../openapi/route-schema.ts';
import {readBody} from '../uploads/read-body.ts';
import {requirePlain} from '../uploads/read-upload.ts';

/** What the description says of an inference; the path is added by whoever adds the route. */
export function aboutInfer({model, outputs}: ServerContext, address: string): RouteDescription {
  const names = outputsOf(model.labels, outputs).map(({name}) => {
    return name === FEATURES_OUTPUT ? `${name} (only where asked for)` : name;
  });
  return {
    tag: 'Inference protocol',
    summary: 'Inference by the Open Inference Protocol v2',
    description: `One input: "encoded" (BYTES, encoded pictures, in base64 where they are in the JSON) or "image" (UINT8, prepared windows). Tensors may follow the JSON, whose length then stands in the header Inference-Header-Content-Length. Outputs: ${names.join(', ')}. Errors are text.`,
    example: `curl -d '{"inputs": [{"name": "encoded", "shape": [1], "datatype": "BYTES", "data": ["'$(base64 -w0 grain.jpg)'"]}]}' $URL${address}/infer`,
    headers: {
      'Inference-Header-Content-Length': {
        type: 'integer',
        minimum: 0,
        description: 'Bytes of JSON, where tensors follow it',
      },
    },
    body: {'application/json': INFERENCE_REQUEST, 'application/octet-stream': BINARY},
    answers: {'application/json': reference('InferenceAnswer'), 'application/octet-stream': BINARY},
    errors: [...UPLOAD_ERRORS, 'ROUTE_NOT_FOUND'],
  };
}

/** Answers an inference, whose model is known to be the one that is served. */
export async function infer(request: FastifyRequest, reply: FastifyReply, context: ServerContext) {
  const {settings, model, metadata, budget, limiter, queue, watch} = context;
  const signal = deadlineOf(request, reply, settings.timeout);
  const lease = budget.lease(request.ip);
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
      {id: request.id, trust: context.trust},
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
