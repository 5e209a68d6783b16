import type {FastifyInstance} from 'fastify';
import type {ServerContext} from '../context.ts';
import {rootOf} from '../http/base-path.ts';
import type {OpenApiDocument} from '../openapi/describe.ts';
import {routeSchema, TEXT} from '../openapi/route-schema.ts';
import {renderDocumentation} from '../page/documentation.ts';
import {byRoot, sendPage} from './page.ts';

/**
 * What can be asked of the server: for programs and for people.
 *
 * @param describe gives the description, once all routes are there
 */
export function addDocumentation(app: FastifyInstance, context: ServerContext, describe: () => OpenApiDocument): void {
  let document: OpenApiDocument | undefined;
  const described = () => {
    document ??= describe();
    return document;
  };
  const forPrograms = routeSchema(context, {
    tag: 'Pages',
    summary: 'This description, for programs (OpenAPI 3.1)',
    answers: {'application/json': {type: 'object'}},
  });
  const forPeople = routeSchema(context, {
    tag: 'Pages',
    summary: 'This description, as a page',
    answers: {'text/html': TEXT},
  });
  const {basePath} = context.settings;
  const pages = byRoot((root) => renderDocumentation(context, described(), root));
  app.get('/docs', {schema: forPeople}, (request, reply) => sendPage(reply, pages(rootOf(request, basePath))));
  app.get('/openapi.json', {schema: forPrograms}, (request) => {
    // Relative to this document, as OpenAPI has it.
    return {...described(), servers: [{url: rootOf(request, basePath).replace(/\/$/, '')}]};
  });
}
