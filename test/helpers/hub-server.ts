import {createHash} from 'node:crypto';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {ReceivedRequest} from './archive-server.ts';

export interface HubFile {
  bytes: Uint8Array;
  /** Where a large file is stored: the hub redirects there, and tells its SHA-256. */
  storage?: string;
  /** What it tells, if not the truth: of a large file, and of a small one. */
  sha256?: string | undefined;
  etag?: string;
}

export interface HubRepository {
  /** Files by commit; `main` is the last one. */
  commits: Record<string, Record<string, HubFile>>;
  /** The token that it wants. */
  token?: string;
  /** Whether the terms were not accepted. */
  gated?: boolean;
}

export interface HubServer {
  readonly address: string;
  readonly requests: ReceivedRequest[];
  /** By name: `timm/resnet18.tv_in1k`. */
  readonly repositories: Record<string, HubRepository>;
  /** Tokens that it knows. */
  readonly tokens: string[];
  close(): Promise<void>;
}

/** Answers as the Hugging Face hub does to whoever downloads files of models. */
export async function startHubServer(): Promise<HubServer> {
  const requests: ReceivedRequest[] = [];
  const repositories: Record<string, HubRepository> = {};
  const tokens: string[] = [];
  const server = createServer((request, response) => {
    requests.push({method: request.method ?? '', url: request.url ?? '', headers: request.headers});
    answer(request, response, {repositories, tokens});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    requests,
    repositories,
    tokens,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  {url = '', headers}: IncomingMessage,
  response: ServerResponse,
  {repositories, tokens}: Pick<HubServer, 'repositories' | 'tokens'>,
): void {
  const fail = (status: number, code: string) => response.writeHead(status, {'x-error-code': code}).end(code);
  const token = headers.authorization?.replace(/^Bearer /, '');
  if (token !== undefined && !tokens.includes(token)) return void fail(401, 'InvalidToken');
  const [, name, revision, path] = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/([^?]+)/.exec(url) ?? [];
  const repository = repositories[name];
  if (!repository || (repository.token !== undefined && repository.token !== token))
    return void fail(token === undefined ? 401 : 404, 'RepoNotFound');
  if (repository.gated) return void fail(403, 'GatedRepo');
  const commit = revision === 'main' ? Object.keys(repository.commits).at(-1)! : revision;
  const file = repository.commits[commit]?.[path];
  if (!file) return void fail(404, repository.commits[commit] ? 'EntryNotFound' : 'RevisionNotFound');
  send(response, commit, file);
}

function send(response: ServerResponse, commit: string, {bytes, storage, ...stated}: HubFile): void {
  const sha256 = 'sha256' in stated ? stated.sha256 : createHash('sha256').update(bytes).digest('hex');
  if (storage !== undefined) {
    const linked = sha256 === undefined ? {} : {'x-linked-etag': `"${sha256}"`, 'x-linked-size': bytes.length};
    response.writeHead(302, {'x-repo-commit': commit, ...linked, location: storage}).end();
    return;
  }
  const {etag = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')} = stated;
  response.writeHead(200, {'x-repo-commit': commit, etag: `"${etag}"`, 'content-length': bytes.length});
  response.end(bytes);
}
