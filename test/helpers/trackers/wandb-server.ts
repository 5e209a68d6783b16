import {createHash} from 'node:crypto';
import {type Answered, type FaultyServer, type Received, startFaultyServer} from './faulty-server.ts';

/** A run as the server has it. */
export interface WandbRun {
  id: string;
  name: string | undefined;
  project: string;
  entity: string;
  config: Record<string, unknown>;
  tags: string[];
  group?: string;
  state: string;
  /** Lines by their place: a line that comes again takes the same place. */
  history: string[];
  events: string[];
  output: string[];
  summary: Record<string, unknown>;
  files: Record<string, string>;
  uploaded: string[];
  exitcode?: number;
}

export interface WandbArtifact {
  id: string;
  type: string;
  collection: string;
  digest: string;
  aliases: string[];
  metadata: string;
  run: string;
  clientID: string;
  state: 'PENDING' | 'COMMITTED' | 'DELETED';
  manifest?: string;
  files: Record<string, string>;
}

export interface WandbStandIn extends FaultyServer {
  readonly runs: Map<string, WandbRun>;
  readonly artifacts: Map<string, WandbArtifact>;
  /** What a client did that the real server would not take. */
  readonly problems: string[];
}

const KINDS = {'wandb-history.jsonl': 'history', 'wandb-events.jsonl': 'events', 'output.log': 'output'} as const;

/**
 * A stand-in for a W&B server: takes what the official client sends as well. It notes offsets that leave a gap, artifacts
 * whose digests are wrong, and requests without the key.
 */
export async function startWandbServer(key: string, port = 0): Promise<WandbStandIn> {
  const runs = new Map<string, WandbRun>();
  const artifacts = new Map<string, WandbArtifact>();
  const problems: string[] = [];
  const base = () => server.address;
  const find = (name: string) => runs.get(name);

  const operations: Record<string, (variables: never) => unknown> = {
    Viewer: () => ({viewer: {id: 'u', entity: 'me', username: 'me', email: '', flags: '{}', teams: {edges: []}}}),
    ServerFeaturesQuery: () => ({serverInfo: {features: []}}),
    RunResumeStatus: ({name}: {name: string}) => {
      const run = find(name);
      const bucket = run && {
        id: `id-${run.id}`,
        name: run.id,
        historyLineCount: run.history.length,
        eventsLineCount: run.events.length,
        logLineCount: run.output.length,
        historyTail: JSON.stringify(run.history.slice(-1)),
        eventsTail: '[]',
        summaryMetrics: JSON.stringify(run.summary),
        config: JSON.stringify(run.config),
        tags: run.tags,
        displayName: run.name,
      };
      return {model: {id: 'p', name: 'p', entity: {id: 'e', name: 'me'}, bucket: bucket ?? null}};
    },
    UpsertBucket: (variables: {
      name: string;
      project: string;
      entity?: string;
      config?: string;
      displayName?: string;
      tags?: string[];
      groupName?: string;
      state?: string;
      summaryMetrics?: string;
    }) => {
      const {name, project, entity, config, displayName, tags, groupName, state, summaryMetrics} = variables;
      const inserted = !runs.has(name);
      const fresh = {history: [], events: [], output: [], summary: {}, files: {}, uploaded: [], config: {}, tags: []};
      const run: WandbRun = find(name) ?? {
        id: name,
        name: undefined,
        project,
        entity: entity ?? 'me',
        state: 'running',
        ...fresh,
      };
      runs.set(name, run);
      if (config) run.config = JSON.parse(config);
      if (displayName) run.name = displayName;
      if (tags) run.tags = tags;
      if (groupName) run.group = groupName;
      if (summaryMetrics) run.summary = JSON.parse(summaryMetrics);
      if (state) run.state = state;
      const place = {id: 'p', name: project, entity: {id: 'e', name: run.entity}};
      const bucket = {
        id: `id-${name}`,
        name,
        displayName: run.name,
        description: '',
        config: '{}',
        sweepName: null,
        historyLineCount: run.history.length,
        project: place,
      };
      return {upsertBucket: {bucket, inserted}};
    },
    RunStoppedStatus: () => ({project: {run: {stopped: false}}}),
    CreateRunFiles: ({run, files}: {run: string; files: string[]}) => ({
      createRunFiles: {
        runID: `id-${run}`,
        uploadHeaders: [],
        files: files.map((name) => ({name, uploadUrl: `${base()}/storage/run/${run}/${name}`})),
      },
    }),
    CreateArtifact: ({input}: {input: Record<string, never>}) => {
      const {
        artifactTypeName: type,
        artifactCollectionName: collection,
        digest,
        aliases,
        metadata,
        runName,
        clientID,
      } = input;
      const known = [...artifacts.values()].find((each) => {
        return each.clientID === clientID || (each.digest === digest && each.state === 'COMMITTED');
      });
      const id = known?.id ?? `art${artifacts.size}`;
      const names = ((aliases ?? []) as {alias: string}[]).map(({alias}) => alias);
      if (!known)
        artifacts.set(id, {
          id,
          type,
          collection,
          digest,
          aliases: names,
          metadata,
          run: runName,
          clientID,
          state: 'PENDING',
          files: {},
        });
      const artifact = {id, state: artifacts.get(id)!.state, artifactSequence: {id: 's', latestArtifact: null}};
      return {createArtifact: {artifact}};
    },
    CreateArtifactManifest: (variables: Record<string, never>) => manifest(variables),
    UpdateArtifactManifest: (variables: Record<string, never>) => manifest(variables, 'updateArtifactManifest'),
    CreateArtifactFiles: ({input}: {input: {artifactFiles: {artifactID: string; name: string}[]}}) => ({
      createArtifactFiles: {
        files: {
          edges: input.artifactFiles.map(({artifactID, name}) => ({
            node: {
              id: name,
              name,
              displayName: name,
              storagePath: name,
              uploadUrl: `${base()}/storage/artifact/${artifactID}/${name}`,
              uploadHeaders: [],
              uploadMultipartUrls: null,
              artifact: {id: artifactID},
            },
          })),
        },
      },
    }),
    CommitArtifact: ({artifactID}: {artifactID: string}) => {
      const artifact = artifacts.get(artifactID)!;
      artifact.state = 'COMMITTED';
      problems.push(...artifactProblems(artifact));
      return {commitArtifact: {artifact: {id: artifactID, digest: artifact.digest}}};
    },
  };

  function manifest(variables: Record<string, never>, answer = 'createArtifactManifest') {
    const id: string = variables.artifactID ?? String(variables.artifactManifestID ?? '').replace('manifest-', '');
    const upload = variables.includeUpload ? {uploadUrl: `${base()}/storage/manifest/${id}`, uploadHeaders: []} : {};
    return {[answer]: {artifactManifest: {id: `manifest-${id}`, file: {id: 'f', ...upload}}}};
  }

  const store = (path: string, body: Buffer): Answered => {
    const [, , kind, owner, ...rest] = path.split('/');
    const text = body.toString('latin1');
    if (kind === 'run') find(owner)!.files[rest.join('/')] = text;
    else if (kind === 'manifest') artifacts.get(owner)!.manifest = text;
    else artifacts.get(owner)!.files[rest.join('/')] = text;
    return {};
  };

  const stream = (name: string, body: Stream): Answered => {
    const run = find(name);
    if (!run) return {status: 404, json: {error: 'no such run'}};
    run.state = 'running';
    for (const [file, {offset, content}] of Object.entries(body.files ?? {})) {
      if (file === 'wandb-summary.json') {
        run.summary = JSON.parse(content[0]);
        continue;
      }
      const lines = run[KINDS[file as keyof typeof KINDS]];
      if (offset > lines.length) problems.push(`${file}: a gap before line ${offset}, there are ${lines.length}`);
      for (const [i, line] of content.entries()) {
        const before = lines[offset + i];
        if (before !== undefined && before !== line) problems.push(`${file}: line ${offset + i} is another now`);
        lines[offset + i] = line;
      }
    }
    run.uploaded.push(...(body.uploaded ?? []).filter((each) => !run.uploaded.includes(each)));
    if (body.complete) {
      run.exitcode = body.exitcode ?? 0;
      run.state = run.exitcode === 0 ? 'finished' : run.exitcode === 255 ? 'killed' : 'failed';
    }
    return {json: {exitcode: null, limits: {}}};
  };

  const answer = ({method, path, headers, body}: Received): Answered => {
    if (method === 'PUT') {
      if (headers.authorization !== undefined) problems.push(`the key was sent to storage: ${path}`);
      return store(path, body);
    }
    const expected = `Basic ${Buffer.from(`api:${key}`).toString('base64')}`;
    if (path.startsWith('/sdk/otel/')) return {};
    if (headers.authorization !== expected)
      return {status: 401, json: {errors: [{message: `who is ${headers.authorization}?`}]}};
    const [, streamed] = /^\/files\/[^/]+\/[^/]+\/([^/]+)\/file_stream$/.exec(path) ?? [];
    if (streamed !== undefined) return stream(streamed, JSON.parse(body.toString()) as Stream);
    const {query, variables} = JSON.parse(body.toString()) as {query: string; variables: never};
    const operation = /(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? '';
    const run = operations[operation];
    if (!run) return {json: {data: null, errors: [{message: `Cannot query ${operation}`}]}};
    return {json: {data: run(variables)}};
  };
  const server = await startFaultyServer(answer, port);
  return Object.assign(server, {runs, artifacts, problems});
}

interface Stream {
  files?: Record<string, {offset: number; content: string[]}>;
  uploaded?: string[];
  complete?: boolean;
  exitcode?: number;
}

/** Recomputes the digests of an artifact from what was uploaded. */
function artifactProblems({collection, digest, manifest, files}: WandbArtifact): string[] {
  const contents = Object.entries(JSON.parse(manifest ?? '{}').contents ?? {}) as [string, {digest: string}][];
  const hash = createHash('md5').update('wandb-artifact-manifest-v1\n');
  const problems: string[] = [];
  for (const [path, entry] of contents.sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${path}:${entry.digest}\n`);
    const stored = createHash('md5')
      .update(Buffer.from(files[path] ?? '', 'latin1'))
      .digest('base64');
    if (stored !== entry.digest) problems.push(`${collection}: ${path} is not what its digest says`);
  }
  if (hash.digest('hex') !== digest) problems.push(`${collection}: its digest is not that of its manifest`);
  return problems;
}
