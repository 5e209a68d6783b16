import type {FastifySchema} from 'fastify';
import {defined} from '../../common/defined.ts';
import {ERROR_CATALOGUE, type ErrorCode} from '../../common/errors.ts';
import type {ServerContext} from '../context.ts';
import {statusOf} from '../http/status.ts';

/** What a route says of itself, in the terms of OpenAPI 3.1; its path and method stand where it is defined. */
export interface RouteDescription {
  tag: 'Predictions' | 'Scans' | 'Inference protocol' | 'Operation' | 'Pages';
  summary: string;
  description?: string;
  /** A command that does it, with the server's address in `$URL`. */
  example?: string;
  /** Parts of the path, and headers that are its own: name -> schema. */
  params?: Record<string, object>;
  headers?: Record<string, object>;
  /** What may stand behind the question mark of the address: name -> schema. */
  query?: Record<string, object>;
  /** Media type -> schema. */
  body?: Record<string, object>;
  bodyDescription?: string;
  /** What comes with 200: media type -> schema. */
  answers: Record<string, object>;
  /** The errors that are its own; those that any request may meet are added. */
  errors?: readonly ErrorCode[];
  /** What comes with 503 is the same as with 200: it says that the answer is no. */
  mayBeUnready?: boolean;
  /** Needs no key. */
  open?: boolean;
}

/** The `schema` of a route, from which the server's description is made. Nothing is checked by it: see `describeRoutes`. */
export interface RouteSchema extends FastifySchema {
  tags: [RouteDescription['tag']];
  summary: string;
  description?: string;
  security?: object[];
  response: Record<number, ResponseDescription>;
  'x-codeSamples'?: {lang: string; source: string}[];
}

interface ResponseDescription {
  description: string;
  content: Record<string, {schema: object}>;
  /** What may be behind this status. */
  'x-errorCodes'?: ErrorCode[];
}

export const reference = (name: string) => ({$ref: `#/components/schemas/${name}`});
export const TEXT = {type: 'string'};
export const BINARY = {type: 'string', contentMediaType: 'application/octet-stream'};

/** What sending pictures may meet. */
export const UPLOAD_ERRORS: readonly ErrorCode[] = [
  'REQUEST_INVALID',
  'REQUEST_TIMEOUT',
  'REQUEST_TOO_LARGE',
  'MEDIA_TYPE_UNSUPPORTED',
  'IMAGE_EMPTY',
  'IMAGE_UNSUPPORTED',
  'IMAGE_TRUNCATED',
  'IMAGE_CORRUPT',
  'IMAGE_TOO_LARGE',
  'IMAGE_TOO_COSTLY',
  'SERVER_BUSY',
  'SERVER_STOPPING',
  'ANSWER_TIMEOUT',
];

/** The description of a route of this very server, with the errors that come of how it is set up. */
export function routeSchema(context: ServerContext, route: RouteDescription): RouteSchema {
  const {
    tag,
    summary,
    description,
    example,
    params,
    headers,
    query,
    body,
    bodyDescription,
    answers,
    mayBeUnready,
    open,
  } = route;
  return {
    tags: [tag],
    summary,
    ...defined({description, params, headers, querystring: query}),
    ...(example === undefined ? {} : {'x-codeSamples': [{lang: 'Shell', source: example}]}),
    ...(open ? {security: []} : {}),
    ...(body === undefined ? {} : {body: {...defined({description: bodyDescription}), content: contentOf(body)}}),
    response: {
      200: {description: 'The answer', content: contentOf(answers)},
      ...(mayBeUnready ? {503: {description: 'Not so', content: contentOf(answers)}} : {}),
      ...describeErrors([...(route.errors ?? []), ...commonErrors(context, open)], tag),
    },
  };
}

function describeErrors(
  codes: readonly ErrorCode[],
  tag: RouteDescription['tag'],
): Record<number, ResponseDescription> {
  const text = {type: 'object', properties: {error: TEXT}, required: ['error']};
  const error = reference('ErrorAnswer');
  const several = {anyOf: [error, reference('Predictions')]};
  const schema = tag === 'Inference protocol' ? text : tag === 'Predictions' ? several : error;
  const entries = [...byStatus(codes)].map(([status, those]) => {
    const description = those.map((code) => `${code}: ${ERROR_CATALOGUE[code].meaning}`).join(' ');
    return [status, {description, content: contentOf({'application/json': schema}), 'x-errorCodes': those}];
  });
  return Object.fromEntries(entries);
}

function contentOf(schemas: Record<string, object>): Record<string, {schema: object}> {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, {schema}]));
}

/** Errors that a request may meet whatever it asks for, as far as the server is set up for them. */
function commonErrors({settings}: ServerContext, open = false): ErrorCode[] {
  return [
    ...(settings.apiKey !== undefined && !open ? (['UNAUTHORIZED'] as const) : []),
    ...(settings.allowedHosts === undefined ? [] : (['HOST_NOT_ALLOWED'] as const)),
    ...(settings.rateLimit > 0 && !open ? (['RATE_LIMITED'] as const) : []),
    'INTERNAL',
  ];
}

/** Codes by the status that they are answered with. */
function byStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const statuses = new Map<number, ErrorCode[]>();
  for (const code of codes) statuses.set(statusOf(code), [...(statuses.get(statusOf(code)) ?? []), code]);
  return new Map([...statuses].sort(([a], [b]) => a - b));
}
