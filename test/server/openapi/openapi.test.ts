import {expect} from 'chai';
import {type Serving, servers} from '../serving.ts';

interface Operation {
  operationId: string;
  responses: Record<string, {description: string}>;
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

  it('refers to nothing that is not in it', () => {
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

  it('has a name of its own for each operation, and every operation that the server has', async () => {
    const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({path, method, ...operation})),
    );
    expect(new Set(operations.map(({operationId}) => operationId)).size).to.equal(operations.length);
    for (const {path, method, responses} of operations) {
      const url = `${server.url}${path.replace('{model}', 'color')}`;
      const {status} = await fetch(url, {method: method.toUpperCase()});
      expect(status, `${method} ${path}`).to.be.oneOf(method === 'get' ? [200, 503] : [400]);
      if (status === 400) expect(responses).to.have.property('400');
    }
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
