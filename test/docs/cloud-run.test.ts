import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import {parseYaml} from '../helpers/yaml.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGE = `europe-west1-docker.pkg.dev/paddy/rice/rice@${DIGEST}`;

/** Stands for gcloud: writes down how it was called, keeps the service that it was given, and tells of it. */
const GCLOUD = `
const {appendFileSync, copyFileSync, existsSync, readFileSync} = require('node:fs');
const args = process.argv.slice(2);
const call = args.slice(0, 3).join(' ');
const given = args[args.indexOf('--to-revisions') + 1];
if (call === 'run services update-traffic') appendFileSync('calls', given + '\\n');
if (call === 'run services list' && existsSync('there')) console.log('rice');
if (call === 'run services replace') {
  appendFileSync('calls', 'replace\\n');
  copyFileSync(args[3], 'service.yaml');
}
if (call === 'run services describe') {
  const traffic = [
    {revisionName: 'rice-older', percent: 5},
    {revisionName: 'rice-old', percent: 95},
    {revisionName: 'rice-new', tag: 'canary', url: process.env.URL + '/canary'},
  ];
  console.log(JSON.stringify({status: {url: process.env.URL + '/all', traffic}}));
}
if (call === 'secrets versions access') console.log('sesame');
if (args[0] === 'logging') console.log(readFileSync('statuses', 'utf8'));
`;

describe('deployment to Cloud Run', () => {
  const folders: string[] = [];
  /** Paths under which the service is broken. */
  let broken: string[];
  const keys = new Set<string | undefined>();
  const service = createServer((request, response) => {
    keys.add(request.headers.authorization);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (broken.some((path) => request.url!.startsWith(path))) return response.writeHead(500).end('{}');
      if (!request.url!.endsWith('/predict')) return response.end('{}');
      if (Buffer.concat(chunks).includes('#!/usr/bin/env bash'))
        return response.writeHead(415).end('{"error":{"code":"UNSUPPORTED_MEDIA"}}');
      return response.end('{"predictions":[{"label":"Basmati"}]}');
    });
  });

  before(async function () {
    // The script is for machines with bash and curl.
    if (process.platform === 'win32') return this.skip();
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
  });
  after(() => {
    service.close();
    service.closeAllConnections();
    for (const folder of folders) rmSync(folder, {recursive: true});
  });

  async function deploy({there = true, statuses = '200\n'.repeat(200), broken: paths = [] as string[], image = IMAGE}) {
    broken = paths;
    const folder = mkdtempSync(join(tmpdir(), 'rice-deploy-'));
    folders.push(folder);
    for (const part of ['scripts', 'docs/deploy', 'test/samples'])
      cpSync(join(ROOT, part), join(folder, part), {recursive: true});
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'gcloud.cjs'), GCLOUD);
    const gcloud = `#!/bin/sh\nexec "${process.execPath}" "${join(folder, 'bin', 'gcloud.cjs')}" "$@"\n`;
    writeFileSync(join(folder, 'bin', 'gcloud'), gcloud, {mode: 0o755});
    writeFileSync(join(folder, 'statuses'), statuses);
    writeFileSync(join(folder, 'calls'), '');
    if (there) writeFileSync(join(folder, 'there'), '');
    const child = spawn('bash', ['scripts/deploy-cloud-run.sh', image], {
      cwd: folder,
      env: {
        PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
        URL: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
        PROJECT: 'paddy',
        REGION: 'europe-west1',
        CANARY_LOOKS: '2',
        CANARY_PAUSE: '0',
        READY_TRIES: '1',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [status] = await once(child, 'close');
    const calls = readFileSync(join(folder, 'calls'), 'utf8').replaceAll(/rice-\d{8}-\d{6}/g, 'rice-new');
    return {
      status,
      stderr,
      calls: calls.trim().split('\n'),
      file: () => readFileSync(join(folder, 'service.yaml'), 'utf8'),
    };
  }

  it('gives the new revision a look, a share of the requests, and then all', async () => {
    const {status, stderr, calls, file} = await deploy({});
    expect([status, stderr]).to.deep.equal([0, '']);
    expect(calls).to.deep.equal(['replace', 'rice-new=10,rice-old=90', 'rice-new=100']);
    const {spec} = parseYaml(file());
    const name: string = spec.template.metadata.name;
    expect(name).to.match(/^rice-\d{8}-\d{6}$/);
    expect(spec.template.spec.containers[0].image).to.equal(IMAGE);
    expect(file()).not.to.match(/\bPROJECT\b(?!_)/);
    expect(spec.traffic).to.deep.equal([
      {revisionName: 'rice-old', percent: 100},
      {revisionName: name, percent: 0, tag: 'canary'},
    ]);
    expect([...keys]).to.include('Bearer sesame');
  });

  it('goes back before anyone notices where the new revision does not answer', async () => {
    const {status, stderr, calls} = await deploy({broken: ['/canary/predict']});
    expect(status).to.equal(1);
    expect(calls).to.deep.equal(['replace', 'rice-old=100']);
    expect(stderr).to.include('all requests go to rice-old');
  });

  it('goes back from the share where more than one request in a hundred fails', async () => {
    const {status, calls} = await deploy({statuses: `${'200\n'.repeat(96)}${'500\n503\n'}`});
    expect(status).to.equal(1);
    expect(calls).to.deep.equal(['replace', 'rice-new=10,rice-old=90', 'rice-old=100']);
  });

  it('bears few errors, those of clients, and that there is no request yet', async () => {
    for (const statuses of [`${'200\n'.repeat(99)}500\n`, '404\n429\n200\n', ''])
      expect((await deploy({statuses})).calls.at(-1), statuses).to.equal('rice-new=100');
  });

  it('goes back where the service does not answer in the end', async () => {
    const {status, calls} = await deploy({broken: ['/all']});
    expect(status).not.to.equal(0);
    expect(calls.slice(-2)).to.deep.equal(['rice-new=100', 'rice-old=100']);
  });

  it('has nothing to go back to the first time', async () => {
    const {status, calls, file} = await deploy({there: false});
    expect([status, calls]).to.deep.equal([0, ['replace']]);
    expect(parseYaml(file()).spec).not.to.have.property('traffic');
  });

  it('refuses an image that is not named by its digest', async () => {
    const {status, stderr, calls} = await deploy({image: 'europe-west1-docker.pkg.dev/paddy/rice/rice:latest'});
    expect([status, calls]).to.deep.equal([2, ['']]);
    expect(stderr).to.include('no digest');
  });
});
