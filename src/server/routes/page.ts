import type {FastifyInstance, FastifyReply} from 'fastify';
import type {ServerContext} from '../context.ts';
import {routeSchema, TEXT} from '../openapi/route-schema.ts';
import type {PageDocument} from '../page/document.ts';
import {renderPage} from '../page/page.ts';

/** The page for people. */
export function addPage(app: FastifyInstance, context: ServerContext): void {
  const page = renderPage(context.model);
  const schema = routeSchema(context, {
    tag: 'Pages',
    summary: 'The page to drop pictures on',
    answers: {'text/html': TEXT},
  });
  app.get('/', {schema}, (_, reply) => sendPage(reply, page));
}

export function sendPage(reply: FastifyReply, {html, policy}: PageDocument) {
  return reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(html);
}
