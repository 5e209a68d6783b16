import {readFileSync} from 'node:fs';
import type {HttpClient} from '../sending/http-client.ts';
import {SendFailure} from '../sending/send-failure.ts';
import {ARTIFACT_ALIASES, type ArtifactFile, clientId, type ModelArtifact, manifestFile, md5} from './artifact.ts';
import * as queries from './queries.ts';

/** Where a run is. */
export interface WandbPlace {
  entity: string;
  project: string;
  id: string;
}

/** Lines of one file of a run, and the place of the first. */
export interface StreamPart {
  offset: number;
  content: string[];
}

export interface StreamBody {
  files?: Record<string, StreamPart>;
  uploaded?: string[];
  complete?: boolean;
  exitcode?: number;
}

export interface Bucket {
  historyLineCount: number;
  eventsLineCount: number;
  logLineCount: number;
  /** JSON: a list of JSON texts. */
  historyTail?: string | null;
}

/** The calls to a W&B server that a run needs. Each may be repeated without harm. */
export class WandbApi {
  readonly #client: HttpClient;

  constructor(client: HttpClient) {
    this.#client = client;
  }

  /** Whom the key belongs to. @throws SendFailure if it is none */
  async viewer(): Promise<string> {
    const {viewer} = await this.#ask<{viewer: {entity: string} | null}>(queries.VIEWER, {});
    if (!viewer) throw new SendFailure('the server does not know the key', {retry: false});
    return viewer.entity;
  }

  /** What the server has of a run; undefined if there is none. */
  async bucket({entity, project, id}: WandbPlace): Promise<Bucket | undefined> {
    const variables = {entity, project, name: id};
    const answer = await this.#ask<{model: {bucket: Bucket | null} | null}>(queries.RUN_RESUME_STATUS, variables);
    return answer.model?.bucket ?? undefined;
  }

  /** Creates a run, or changes it. @returns where it is */
  async upsert(variables: Record<string, unknown>): Promise<WandbPlace> {
    const {upsertBucket} = await this.#ask<{
      upsertBucket: {bucket: {name: string; project: {name: string; entity: {name: string}}}};
    }>(queries.UPSERT_BUCKET, variables);
    const {name, project} = upsertBucket.bucket;
    return {id: name, project: project.name, entity: project.entity.name};
  }

  async stream({entity, project, id}: WandbPlace, body: StreamBody): Promise<void> {
    const place = [entity, project, id].map(encodeURIComponent).join('/');
    await this.#client.send({method: 'POST', path: `/files/${place}/file_stream`, json: body});
  }

  /** Uploads files of a run. @param files by their path */
  async putFiles({entity, project, id}: WandbPlace, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    if (files.size === 0) return;
    const variables = {entity, project, run: id, files: [...files.keys()]};
    const {createRunFiles} = await this.#ask<{
      createRunFiles: {uploadHeaders: string[]; files: {name: string; uploadUrl: string}[]};
    }>(queries.CREATE_RUN_FILES, variables);
    for (const {name, uploadUrl} of createRunFiles.files) {
      const body = files.get(name);
      if (body) await this.#put(uploadUrl, body, createRunFiles.uploadHeaders);
    }
  }

  /** Stores a model with its files, unless the server has the same one already. */
  async putArtifact({entity, project, id}: WandbPlace, artifact: ModelArtifact): Promise<void> {
    const place = {entityName: entity, projectName: project, runName: id};
    const {name, type, digest, metadata, files} = artifact;
    const {createArtifact} = await this.#ask<{createArtifact: {artifact: {id: string; state: string}}}>(
      queries.CREATE_ARTIFACT,
      {
        input: {
          ...place,
          artifactTypeName: type,
          artifactCollectionName: name,
          digest,
          digestAlgorithm: 'MANIFEST_MD5',
          aliases: ARTIFACT_ALIASES.map((alias) => ({alias, artifactCollectionName: name})),
          metadata,
          clientID: clientId(id, digest, 'artifact'),
          sequenceClientID: clientId(id, digest, 'sequence'),
          enableDigestDeduplication: true,
        },
      },
    );
    const {id: artifactID, state} = createArtifact.artifact;
    if (state === 'COMMITTED') return;
    const draft = await this.#manifest({...place, artifactID, digest: '', includeUpload: false});
    await this.#putArtifactFiles(artifactID, draft.id, files);
    const manifest = manifestFile(files);
    const about = {...place, artifactID, digest: md5(manifest, 'base64'), includeUpload: true};
    const {file} = await this.#manifest(about);
    await this.#put(file.uploadUrl ?? '', manifest, file.uploadHeaders ?? []);
    await this.#ask(queries.COMMIT_ARTIFACT, {artifactID});
  }

  async #putArtifactFiles(
    artifactID: string,
    artifactManifestID: string,
    files: readonly ArtifactFile[],
  ): Promise<void> {
    const artifactFiles = files.map(({path, md5: digest}) => ({
      artifactID,
      artifactManifestID,
      name: path,
      md5: digest,
    }));
    const {createArtifactFiles} = await this.#ask<{
      createArtifactFiles: {
        files: {edges: {node: {name: string; uploadUrl: string | null; uploadHeaders: string[] | null}}[]};
      };
    }>(queries.CREATE_ARTIFACT_FILES, {input: {artifactFiles, storageLayout: 'V2'}});
    for (const {node} of createArtifactFiles.files.edges) {
      const file = files.find(({path}) => path === node.name);
      // Without an address, the server has such a file already.
      if (file && node.uploadUrl) await this.#put(node.uploadUrl, readFileSync(file.local), node.uploadHeaders ?? []);
    }
  }

  async #manifest(variables: Record<string, unknown>): Promise<Manifest> {
    const all = {...variables, name: 'wandb_manifest.json', type: 'FULL'};
    const answer = await this.#ask<{createArtifactManifest: {artifactManifest: Manifest}}>(
      queries.CREATE_ARTIFACT_MANIFEST,
      all,
    );
    return answer.createArtifactManifest.artifactManifest;
  }

  /** @param headers as `Name:value`. The key is not sent along: addresses of storage have rights of their own. */
  async #put(path: string, body: Uint8Array, headers: readonly string[]): Promise<void> {
    const pairs = headers.map((header) => {
      const colon = header.indexOf(':');
      return [header.slice(0, colon), header.slice(colon + 1).trim()];
    });
    await this.#client.send({method: 'PUT', path, body, headers: Object.fromEntries(pairs)});
  }

  async #ask<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
    const {data, errors} = await this.#client.json<{data?: Data | null; errors?: {message?: string}[]}>({
      method: 'POST',
      path: '/graphql',
      json: {query, variables},
    });
    const [error] = errors ?? [];
    if (!data || error)
      throw new SendFailure(`W&B refuses: ${this.#client.redacted(error?.message ?? 'an empty answer')}`, {
        retry: false,
      });
    return data;
  }
}

interface Manifest {
  id: string;
  file: {uploadUrl?: string; uploadHeaders?: string[]};
}
