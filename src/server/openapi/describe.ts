import type {FastifyInstance} from 'fastify';
import {packageVersion} from '../../common/package-root.ts';
import type {ServerContext} from '../context.ts';
import type {RouteSchema} from './route-schema.ts';
import {readSchemas} from './schemas.ts';

/** The parts of an OpenAPI 3.1 document that are looked at here. */
export interface OpenApiDocument {
  openapi: '3.1.0';
  info: object;
  security?: object[];
  paths: Record<string, Record<string, Operation>>;
  components: object;
}

export interface Operation
  extends Pick<RouteSchema, 'tags' | 'summary' | 'description' | 'security' | 'x-codeSamples'> {
  operationId: string;
  parameters?: object[];
  requestBody?: object;
  responses: RouteSchema['response'];
}

/**
 * Takes the schema of each route that is added from now on, for the description alone: fastify would check requests and
 * rewrite answers by it, and both are done by the routes themselves.
 *
 * @returns what makes the description in OpenAPI 3.1, once all routes are there
 */
export function describeRoutes(app: FastifyInstance, context: ServerContext): () => OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  app.addHook('onRoute', (route) => {
    const {method, url, schema} = route;
    delete route.schema;
    if (method !== 'GET' && method !== 'POST') return;
    if (schema === undefined) throw new Error(`the route ${method} ${url} does not describe itself`);
    const path = url.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = describeOperation(method.toLowerCase(), path, schema as RouteSchema);
  });
  return () => ({...describeServer(context), paths, components: describeComponents()});
}

function describeOperation(method: string, path: string, schema: RouteSchema): Operation {
  const {params, headers, querystring, body, response, ...rest} = schema;
  const parameters = [
    ...parametersOf(params, 'path'),
    ...parametersOf(headers, 'header'),
    ...parametersOf(querystring, 'query'),
  ];
  return {
    operationId: operationId(method, path),
    ...rest,
    ...(parameters.length > 0 ? {parameters} : {}),
    ...(body === undefined ? {} : {requestBody: {required: true, ...(body as object)}}),
    responses: response,
  };
}

function parametersOf(schemas: unknown, place: 'path' | 'header' | 'query'): object[] {
  return Object.entries((schemas ?? {}) as Record<string, object>).map(([name, schema]) => {
    return {name, in: place, required: place === 'path', schema};
  });
}

function describeServer({model, settings}: ServerContext): Omit<OpenApiDocument, 'paths' | 'components'> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'rice',
      version: packageVersion(),
      license: {name: 'MIT', identifier: 'MIT'},
      description: `Tells the variety of rice grains from pictures: ${model.labels.join(', ')}.`,
    },
    ...(settings.apiKey === undefined ? {} : {security: [{key: []}, {password: []}]}),
  };
}

function describeComponents() {
  return {
    schemas: readSchemas(),
    securitySchemes: {
      key: {type: 'http', scheme: 'bearer'},
      password: {type: 'http', scheme: 'basic', description: 'The key as the password of any user'},
    },
  };
}

function operationId(method: string, path: string): string {
  return [method, ...path.split(/[^a-z0-9]+/i)].filter((word) => word !== '').join('-');
}
