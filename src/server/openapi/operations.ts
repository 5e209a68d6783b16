import type {ErrorCode} from '../../common/errors.ts';
import type {ServerContext} from '../context.ts';
import {statusOf} from '../http/status.ts';
import {FEATURES_OUTPUT, outputsOf, type TensorDescription} from '../inference/protocol.ts';

/** A route as its description has it, in the terms of OpenAPI 3.1. */
export interface Operation {
  path: string;
  method: 'get' | 'post';
  tag: 'Predictions' | 'Inference protocol' | 'Operation' | 'Pages';
  summary: string;
  description?: string;
  /** A command that does it, with the server's address in `$URL`. */
  example?: string;
  requestBody?: object;
  /** What comes with 200: media type -> schema. */
  answers: Record<string, object>;
  /** The errors that are its own; those that any request may meet are added. */
  errors?: ErrorCode[];
  /** What comes with 503 is the same as with 200: it says that the answer is no. */
  mayBeUnready?: boolean;
  /** Needs no key. */
  open?: boolean;
}

const reference = (name: string) => ({$ref: `#/components/schemas/${name}`});
const TEXT = {type: 'string'};
const BINARY = {type: 'string', contentMediaType: 'application/octet-stream'};
const STATUS = {type: 'object', properties: {status: TEXT}, required: ['status']};

const UPLOAD_ERRORS: ErrorCode[] = [
  ...(['REQUEST_INVALID', 'REQUEST_TIMEOUT', 'REQUEST_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED'] as const),
  ...(['IMAGE_EMPTY', 'IMAGE_UNSUPPORTED', 'IMAGE_TRUNCATED', 'IMAGE_CORRUPT', 'IMAGE_TOO_LARGE'] as const),
  ...(['SERVER_BUSY', 'SERVER_STOPPING', 'ANSWER_TIMEOUT'] as const),
];

/** Every route of the server. */
export function listOperations({model, outputs, settings}: ServerContext): Operation[] {
  const files = {type: 'array', items: BINARY, minItems: 1, maxItems: settings.maxFiles};
  const picture = {schema: BINARY};
  const body = {
    required: true,
    description: `At most ${settings.maxBody.toLocaleString('en')} bytes; what the pictures are is told by their bytes.`,
    content: {
      'multipart/form-data': {
        schema: {type: 'object', properties: {file: files}, description: 'Fields may have any names'},
      },
      'image/*': picture,
      'application/octet-stream': picture,
    },
  };
  const predict = {
    ...({tag: 'Predictions', method: 'post', requestBody: body, errors: UPLOAD_ERRORS} as const),
    answers: {'application/json': reference('Predictions')},
  };
  const address = `/v2/models/${encodeURIComponent(model.name)}`;
  return [
    {
      ...predict,
      path: '/predict',
      summary: 'Tells the variety of the grain in each picture',
      description: `The files of a form, at most ${settings.maxFiles}, or one picture as the body. A picture that cannot be used is answered with the status of its error; of several, the others are answered all the same, in the same document.`,
      example:
        'curl -F file=@grain.jpg -F file=@other.png $URL/predict\ncurl --data-binary @grain.jpg -H "Content-Type: image/jpeg" $URL/predict',
    },
    {...predict, path: '/', summary: 'The same, for the shortest of commands', example: 'curl -F file=@grain.jpg $URL'},
    {
      path: '/v2/models/{model}/infer',
      method: 'post',
      tag: 'Inference protocol',
      summary: 'Inference by the Open Inference Protocol v2',
      description: `One input: "encoded" (BYTES, encoded pictures, in base64 where they are in the JSON) or "image" (UINT8, prepared windows). Tensors may follow the JSON, whose length then stands in the header Inference-Header-Content-Length. Outputs: ${outputsInWords(outputsOf(model.labels, outputs))}. Errors are text.`,
      example: `curl -d '{"inputs": [{"name": "encoded", "shape": [1], "datatype": "BYTES", "data": ["'$(base64 -w0 grain.jpg)'"]}]}' $URL${address}/infer`,
      requestBody: {
        required: true,
        content: {'application/json': {schema: INFERENCE_REQUEST}, 'application/octet-stream': picture},
      },
      answers: {'application/json': reference('InferenceAnswer'), 'application/octet-stream': BINARY},
      errors: [...UPLOAD_ERRORS, 'ROUTE_NOT_FOUND'],
    },
    {
      path: '/v2/models/{model}',
      method: 'get',
      tag: 'Inference protocol',
      summary: 'Inputs and outputs of the model',
      answers: {'application/json': {type: 'object'}},
      errors: ['ROUTE_NOT_FOUND'],
      example: `curl $URL${address}`,
    },
    {
      path: '/v2/models/{model}/ready',
      method: 'get',
      tag: 'Inference protocol',
      summary: 'Whether the model can answer',
      answers: {'application/json': flag('ready')},
      errors: ['ROUTE_NOT_FOUND'],
      mayBeUnready: true,
    },
    {
      path: '/v2',
      method: 'get',
      tag: 'Inference protocol',
      summary: 'The server and its extensions',
      answers: {'application/json': {type: 'object'}},
    },
    {
      path: '/v2/health/live',
      method: 'get',
      tag: 'Inference protocol',
      summary: 'Whether the server lives',
      answers: {'application/json': flag('live')},
    },
    {
      path: '/v2/health/ready',
      method: 'get',
      tag: 'Inference protocol',
      summary: 'Whether the server can answer',
      answers: {'application/json': flag('ready')},
      mayBeUnready: true,
    },
    {
      path: '/livez',
      method: 'get',
      tag: 'Operation',
      summary: 'Whether the process lives',
      open: true,
      answers: {'application/json': STATUS},
      mayBeUnready: true,
    },
    {
      path: '/readyz',
      method: 'get',
      tag: 'Operation',
      open: true,
      summary: 'Whether it is worth to send it requests: 503 before the model is warm, and while the server ends',
      answers: {'application/json': STATUS},
      mayBeUnready: true,
    },
    {
      path: '/metrics',
      method: 'get',
      tag: 'Operation',
      summary: 'Metrics for Prometheus',
      answers: {'text/plain': TEXT},
      example: 'curl $URL/metrics',
    },
    {
      path: '/',
      method: 'get',
      tag: 'Pages',
      summary: 'The page to drop pictures on',
      answers: {'text/html': TEXT},
    },
    {
      path: '/docs',
      method: 'get',
      tag: 'Pages',
      summary: 'This description, as a page',
      answers: {'text/html': TEXT},
    },
    {
      path: '/openapi.json',
      method: 'get',
      tag: 'Pages',
      summary: 'This description, for programs (OpenAPI 3.1)',
      answers: {'application/json': {type: 'object'}},
    },
  ];
}

function outputsInWords(outputs: readonly TensorDescription[]): string {
  return outputs.map(({name}) => (name === FEATURES_OUTPUT ? `${name} (only where asked for)` : name)).join(', ');
}

const INFERENCE_REQUEST = {
  type: 'object',
  properties: {
    id: TEXT,
    parameters: {type: 'object'},
    inputs: {
      type: 'array',
      minItems: 1,
      maxItems: 1,
      items: {
        type: 'object',
        properties: {
          name: {enum: ['encoded', 'image']},
          datatype: {enum: ['BYTES', 'UINT8']},
          shape: {type: 'array', items: {type: 'integer', minimum: 1}},
          data: {type: 'array'},
          parameters: {type: 'object'},
        },
        required: ['name', 'datatype', 'shape'],
      },
    },
    outputs: {type: 'array', items: {type: 'object', properties: {name: TEXT}, required: ['name']}},
  },
  required: ['inputs'],
};

function flag(name: string): object {
  return {type: 'object', properties: {[name]: {type: 'boolean'}}, required: [name]};
}

/** Errors that a request may meet whatever it asks for, as far as the server is set up for them. */
export function commonErrors({settings}: ServerContext, open: boolean): ErrorCode[] {
  return [
    ...(settings.apiKey !== undefined && !open ? (['UNAUTHORIZED'] as const) : []),
    ...(settings.rateLimit > 0 && !open ? (['RATE_LIMITED'] as const) : []),
    'INTERNAL',
  ];
}

/** Codes by the status that they are answered with. */
export function byStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const statuses = new Map<number, ErrorCode[]>();
  for (const code of codes) statuses.set(statusOf(code), [...(statuses.get(statusOf(code)) ?? []), code]);
  return new Map([...statuses].sort(([a], [b]) => a - b));
}
