import type {FastifyInstance} from 'fastify';
import type {ServerContext} from '../context.ts';
import {describeApi} from '../openapi/describe.ts';
import {renderDocumentation} from '../page/documentation.ts';
import {sendPage} from './page.ts';

/** What can be asked of the server: for programs and for people. */
export function addDocumentation(app: FastifyInstance, context: ServerContext): void {
  const description = describeApi(context);
  const page = renderDocumentation(context);
  app.get('/openapi.json', () => description);
  app.get('/docs', (_, reply) => sendPage(reply, page));
}
