import type {FastifyInstance, FastifyReply} from 'fastify';
import type {ServerContext} from '../context.ts';
import type {PageDocument} from '../page/document.ts';
import {renderPage} from '../page/page.ts';

/** The page for people. */
export function addPage(app: FastifyInstance, {model}: ServerContext): void {
  const page = renderPage(model);
  app.get('/', (_, reply) => sendPage(reply, page));
}

export function sendPage(reply: FastifyReply, {html, policy}: PageDocument) {
  return reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(html);
}
