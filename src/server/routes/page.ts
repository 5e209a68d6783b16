import type {FastifyInstance, FastifyReply} from 'fastify';
import type {ServerContext} from '../context.ts';
import {rootOf} from '../http/base-path.ts';
import {routeSchema, TEXT} from '../openapi/route-schema.ts';
import type {PageDocument} from '../page/document.ts';
import {renderPage} from '../page/page.ts';

const MAX_KEPT = 8;

/** The page for people. */
export function addPage(app: FastifyInstance, context: ServerContext): void {
  const pages = byRoot((root) => renderPage(context.model, root, {scans: context.scans !== undefined}));
  const schema = routeSchema(context, {
    tag: 'Pages',
    summary: 'The page to drop pictures on',
    answers: {'text/html': TEXT},
  });
  app.get('/', {schema}, (request, reply) => sendPage(reply, pages(rootOf(request, context.settings.basePath))));
}

/** Keeps the documents for the last few roots: there is one, unless somebody plays with headers. */
export function byRoot(render: (root: string) => PageDocument): (root: string) => PageDocument {
  const kept = new Map<string, PageDocument>();
  return (root) => {
    const page = kept.get(root) ?? render(root);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(root, page);
    return page;
  };
}

export function sendPage(reply: FastifyReply, {html, policy}: PageDocument) {
  return reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(html);
}
