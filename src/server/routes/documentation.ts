import type {FastifyInstance} from 'fastify';
import type {ServerContext} from '../context.ts';
import type {OpenApiDocument} from '../openapi/describe.ts';
import {routeSchema, TEXT} from '../openapi/route-schema.ts';
import type {PageDocument} from '../page/document.ts';
import {renderDocumentation} from '../page/documentation.ts';
import {sendPage} from './page.ts';

/**
 * What can be asked of the server: for programs and for people.
 *
 * @param describe gives the description, once all routes are there
 */
export function addDocumentation(app: FastifyInstance, context: ServerContext, describe: () => OpenApiDocument): void {
  let document: OpenApiDocument | undefined;
  let page: PageDocument | undefined;
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
  app.get('/docs', {schema: forPeople}, (_, reply) => {
    page ??= renderDocumentation(context, described());
    return sendPage(reply, page);
  });
  app.get('/openapi.json', {schema: forPrograms}, () => described());
}
