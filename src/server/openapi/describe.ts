import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {defined} from '../../common/defined.ts';
import {ERROR_CATALOGUE} from '../../common/errors.ts';
import {packageRoot} from '../../common/package-root.ts';
import type {ServerContext} from '../context.ts';
import {byStatus, commonErrors, listOperations, type Operation} from './operations.ts';
import {readSchemas} from './schemas.ts';

/** The server's description in OpenAPI 3.1, with its own limits in it. */
export function describeApi(context: ServerContext): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of listOperations(context)) {
    paths[operation.path] ??= {};
    paths[operation.path][operation.method] = describeOperation(operation, context);
  }
  const {version} = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  const {labels} = context.model;
  return {
    openapi: '3.1.0',
    info: {
      title: 'rice',
      version,
      license: {name: 'MIT', identifier: 'MIT'},
      description: `Tells the variety of rice grains from pictures: ${labels.join(', ')}.`,
    },
    servers: [{url: '/'}],
    ...(context.settings.apiKey === undefined ? {} : {security: [{key: []}, {password: []}]}),
    paths,
    components: {
      schemas: readSchemas(),
      securitySchemes: {
        key: {type: 'http', scheme: 'bearer'},
        password: {type: 'http', scheme: 'basic', description: 'The key as the password of any user'},
      },
    },
  };
}

function describeOperation(operation: Operation, context: ServerContext): object {
  const {
    path,
    method,
    tag,
    summary,
    description,
    example,
    requestBody,
    answers,
    errors = [],
    open = false,
    mayBeUnready,
  } = operation;
  return {
    operationId: operationId(method, path),
    tags: [tag],
    summary,
    ...defined({description}),
    ...(example === undefined ? {} : {'x-codeSamples': [{lang: 'Shell', source: example}]}),
    ...(open ? {security: []} : {}),
    ...(path.includes('{model}')
      ? {parameters: [{name: 'model', in: 'path', required: true, schema: {const: context.model.name}}]}
      : {}),
    ...defined({requestBody}),
    responses: {
      200: {description: 'The answer', content: contentOf(answers)},
      ...(mayBeUnready ? {503: {description: 'Not so', content: contentOf(answers)}} : {}),
      ...describeErrors([...errors, ...commonErrors(context, open)], tag),
    },
  };
}

function describeErrors(codes: Parameters<typeof byStatus>[0], tag: Operation['tag']): Record<string, object> {
  const text = {type: 'object', properties: {error: {type: 'string'}}, required: ['error']};
  const error = {$ref: '#/components/schemas/ErrorAnswer'};
  const several = {anyOf: [error, {$ref: '#/components/schemas/Predictions'}]};
  const schema = tag === 'Inference protocol' ? text : tag === 'Predictions' ? several : error;
  const entries = [...byStatus(codes)].map(([status, those]) => {
    const description = those.map((code) => `${code}: ${ERROR_CATALOGUE[code].meaning}`).join(' ');
    return [status, {description, content: contentOf({'application/json': schema})}];
  });
  return Object.fromEntries(entries);
}

function contentOf(schemas: Record<string, object>): object {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, {schema}]));
}

function operationId(method: string, path: string): string {
  return [method, ...path.split(/[^a-z0-9]+/i)].filter((word) => word !== '').join('-');
}
