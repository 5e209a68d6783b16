import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {REJECTION_REASONS} from '../../src/server/rejected-request.ts';
import {ROOT} from '../cli/rice.ts';
import {parseYaml, parseYamlDocuments} from '../helpers/yaml.ts';
import {formOf, postPicture, type Serving, servers, until} from '../server/serving.ts';

interface Container {
  args: string[];
  env: {name: string; value?: string}[];
  ports: {containerPort: number}[];
  startupProbe: {httpGet: {path: string}};
  livenessProbe: {httpGet: {path: string}};
  readinessProbe?: {httpGet: {path: string}};
}

const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const deploy = (name: string) => read('docs', 'deploy', name);

describe('files for running it', () => {
  const {jpegs, start} = servers();
  let server: Serving;
  /** Names of metrics with the labels that each has. */
  const metrics = new Map<string, Set<string>>();

  before(async () => {
    server = await start();
    await fetch(`${server.url}/predict`, {method: 'POST', body: formOf({a: jpegs.Red, b: 'x', c: jpegs.Grey})});
    const red = Array.from({length: 4}, () => postPicture(`${server.url}/predict`, jpegs.Red));
    await Promise.all(red);
    await fetch(`${server.url}/v2/models/color`);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    for (const [, name, labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
      const known = metrics.get(name) ?? new Set(['job', 'instance']);
      for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label);
      metrics.set(name, known);
    }
    // Only known of a model that tells what it was trained on, once enough has been seen.
    for (const name of ['rice_input_drift', 'rice_input_training_mean'])
      metrics.set(name, new Set(['job', 'instance', 'statistic']));
  });

  /** Every metric of an expression exists and has the labels that are asked of it. */
  function expectKnown(expression: string): void {
    const names = [...expression.matchAll(/\b((?:rice|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)];
    expect(names, expression).not.to.have.length(0);
    for (const [, name, selector = ''] of names) {
      expect([...metrics.keys()], expression).to.include(name);
      for (const [, label] of selector.matchAll(/(\w+)(?:=~|!~|!=|=)"/g))
        expect([...metrics.get(name)!], `${label} in ${expression}`).to.include(label);
      for (const [, grouped] of expression.matchAll(/by \(([^)]*)\)/g))
        for (const label of grouped.split(', '))
          expect([...names.flatMap(([, each]) => [...metrics.get(each)!])], expression).to.include(label);
    }
  }

  it('ask in alerts for metrics, labels and reasons that exist', () => {
    const {groups} = parseYaml(deploy('prometheus-alerts.yaml')) as {
      groups: {rules: {alert: string; expr: string}[]}[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).to.be.above(5);
    for (const {expr} of rules) expectKnown(expr);
    const text = JSON.stringify(rules);
    for (const [, reasons] of text.matchAll(/reason=~\\"([^\\]*)\\"/g))
      for (const reason of reasons.split('|')) expect(REJECTION_REASONS).to.include(reason);
  });

  it('show in the dashboard metrics and labels that exist', async () => {
    const {panels, templating} = JSON.parse(deploy('grafana-dashboard.json'));
    const expressions = panels.flatMap(({targets = []}) => targets.map(({expr}: {expr: string}) => expr)) as string[];
    expect(expressions.length).to.be.above(20);
    for (const expression of expressions) expectKnown(expression);
    expectKnown(templating.list[1].query.query);
    const routes = /route=~"([^"]*)"/.exec(expressions.join('\n'))![1].split('|');
    for (const route of routes) {
      const {status} = await fetch(`${server.url}${route.replace(':model', 'color')}`, {method: 'POST'});
      expect(status, route).to.equal(400);
    }
    expect(new Set(panels.map(({id}: {id: number}) => id)).size).to.equal(panels.length);
  });

  it('show every metric of its own that the server has', () => {
    const shown = deploy('grafana-dashboard.json') + deploy('prometheus-alerts.yaml');
    const own = [...metrics.keys()].filter((name) => name.startsWith('rice_'));
    const families = new Set(own.map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    for (const name of families) expect(shown, name).to.include(name);
  });

  for (const [name, container] of [
    ['cloud-run-service.yaml', () => parseYaml(deploy('cloud-run-service.yaml')).spec.template.spec.containers[0]],
    ['kubernetes.yaml', () => parseYamlDocuments(deploy('kubernetes.yaml'))[0].spec.template.spec.containers[0]],
  ] as [string, () => Container][])
    it(`start a server that answers its probes: ${name}`, async () => {
      const {args, env, ports, ...probes} = container();
      expect(args[0]).to.equal('serve');
      const variables = Object.fromEntries(env.map((each) => [each.name, each.value ?? 'sesame']));
      expect(variables.PORT ?? '8080').to.equal(`${ports[0].containerPort}`);
      const {url, stop} = await start(args.slice(1), {env: {...variables, PORT: '0'}});
      const {startupProbe, livenessProbe, readinessProbe = startupProbe} = probes;
      await until(async () => (await fetch(`${url}${startupProbe.httpGet.path}`)).ok);
      for (const probe of [livenessProbe, readinessProbe])
        expect((await fetch(`${url}${probe.httpGet.path}`)).status).to.equal(200);
      expect((await postPicture(`${url}/predict`, jpegs.Red)).status).to.equal(401);
      const headers = {authorization: 'Bearer sesame'};
      expect((await postPicture(`${url}/predict`, jpegs.Red, headers)).status).to.equal(200);
      if (process.platform !== 'win32') expect(await stop()).to.equal(0);
    });

  it('build containers from files that are there, and that are let in', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    for (const file of ['Dockerfile', 'Dockerfile.train']) {
      const text = read(file);
      for (const [, sources] of text.matchAll(/^COPY (?!--from)(.*) \S+$/gm))
        for (const source of sources.split(' ').filter((each) => each !== '.')) {
          expect(existsSync(join(ROOT, source)), `${file}: ${source}`).to.equal(true);
          expect(allowed, `${file}: ${source}`).to.include(`!${source}`);
        }
      expect(text).to.match(/^USER 1000:1000$/m);
    }
    for (const entry of allowed) expect(existsSync(join(ROOT, entry.slice(1))), entry).to.equal(true);
    expect(readdirSync(ROOT)).to.include.members(['Dockerfile', 'Dockerfile.train']);
  });

  it('look after the health of a container by node alone', async () => {
    const text = read('Dockerfile').replaceAll('\\\n', '');
    const [command, ...args] = JSON.parse(/^HEALTHCHECK .*?CMD (\[.*\])$/m.exec(text)![1]) as string[];
    expect(command).to.equal('node');
    const check = (port: string) => spawnSync(process.execPath, args, {env: {...process.env, PORT: port}}).status;
    await until(async () => (await fetch(`${server.url}/readyz`)).ok);
    expect(check(new URL(server.url).port)).to.equal(0);
    expect(check('1')).to.equal(1);
  });
});
