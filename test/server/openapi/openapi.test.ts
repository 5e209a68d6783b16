import {expect} from 'chai';
import fastify from 'fastify';
import type {ServerContext} from '../../../src/server/context.ts';
import {describeRoutes} from '../../../src/server/openapi/describe.ts';
import {type Serving, servers} from '../serving.ts';

interface Operation {
  operationId: string;
  responses: Record<string, {description: string; 'x-errorCodes'?: string[]}>;
  requestBody?: {content: Record<string, object>};
}

interface Description {
  openapi: string;
  paths: Record<string, Record<'get' | 'post', Operation>>;
  components: {schemas: Record<string, object>};
  security?: object[];
}

describe('the description of the API', () => {
  const {start} = servers();
  let server: Serving;
  let description: Description;
  before(async () => {
    server = await start();
    const response = await fetch(`${server.url}/openapi.json`);
    expect(response.headers.get('content-type')).to.contain('application/json');
    description = (await response.json()) as Description;
  });

  it('has no dangling references', () => {
    expect(description.openapi).to.equal('3.1.0');
    const references = JSON.stringify(description).matchAll(/"\$ref":"([^"]+)"/g);
    const names = [...references].map(([, reference]) => reference);
    expect(names).to.include('#/components/schemas/Predictions');
    for (const name of names) {
      expect(name).to.match(/^#\/components\/schemas\//);
      expect(description.components.schemas).to.have.property(name.split('/').at(-1)!);
    }
    expect(JSON.stringify(description)).not.to.contain('$defs');
  });

  it('has a unique name for each operation, and every operation of the server', async () => {
    const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({path, method, ...operation})),
    );
    expect(new Set(operations.map(({operationId}) => operationId)).size).to.equal(operations.length);
    const {versions} = (await (await fetch(`${server.url}/v2/models/color`)).json()) as {versions: string[]};
    for (const {path, method, responses} of operations) {
      const url = `${server.url}${path.replace('{model}', 'color').replace('{version}', versions[0])}`;
      const {status} = await fetch(url, {method: method.toUpperCase()});
      expect(status, `${method} ${path}`).to.be.oneOf(method === 'get' ? [200, 503] : [400]);
      if (status === 400) expect(responses).to.have.property('400');
    }
  });

  it('names the errors behind each status', () => {
    const {responses} = description.paths['/predict'].post;
    expect(responses[413]['x-errorCodes']).to.deep.equal(['REQUEST_TOO_LARGE', 'IMAGE_TOO_LARGE']);
    expect(responses[413].description).to.match(/^REQUEST_TOO_LARGE: .* IMAGE_TOO_LARGE: /);
    expect(responses[200]).not.to.have.property('x-errorCodes');
  });

  it('tells the limits and the key of this very server', async () => {
    expect(description).not.to.have.property('security');
    const limited = await start(['--max-files', '7', '--rate-limit', '100'], {env: {RICE_API_KEY: 'sesame'}});
    const headers = {authorization: 'Bearer sesame'};
    const other = (await (await fetch(`${limited.url}/openapi.json`, {headers})).json()) as Description;
    expect(other.security).to.have.length(2);
    expect(JSON.stringify(other.paths['/predict'].post.requestBody)).to.contain('"maxItems":7');
    expect(other.paths['/predict'].post.responses).to.include.keys('401', '429', '503');
    expect(other.paths['/livez'].get.responses).not.to.have.property('401');
    expect(JSON.stringify(other)).not.to.contain('sesame');
  });
});

describe('describing routes', () => {
  const context = {model: {labels: ['Red']}, settings: {}} as unknown as ServerContext;

  it('refuses a route that does not describe itself', () => {
    const app = fastify();
    describeRoutes(app, context);
    expect(() => app.get('/new', () => '')).to.throw('GET /new does not describe itself');
  });

  it('neither checks requests nor rewrites answers', async () => {
    const app = fastify();
    const describe = describeRoutes(app, context);
    const content = {'application/json': {schema: {type: 'object', properties: {known: {type: 'string'}}}}};
    const schema = {headers: {count: {type: 'integer'}}, response: {200: {description: 'The answer', content}}};
    app.get('/new', {schema}, () => ({known: 1, unknown: 2}));
    for (const method of ['GET', 'HEAD'] as const) {
      const {statusCode, payload} = await app.inject({method, url: '/new'});
      expect([statusCode, payload]).to.deep.equal([200, method === 'GET' ? '{"known":1,"unknown":2}' : '']);
    }
    expect(describe().paths['/new'].get.responses[200].content).to.deep.equal(content);
  });
});
