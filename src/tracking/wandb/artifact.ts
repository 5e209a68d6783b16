import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import type {ModelDescription} from '../event.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

export const ARTIFACT_ALIASES = ['latest', 'best'];
export const STORAGE_POLICY = 'wandb-storage-policy-v1';

export interface ArtifactFile {
  /** In the artifact. */
  path: string;
  local: string;
  /** MD5 in base64. */
  md5: string;
  size: number;
}

export interface ModelArtifact {
  name: string;
  type: 'model';
  digest: string;
  metadata: string;
  files: ArtifactFile[];
}

/** The model of a run and what goes with it, as an artifact. */
export function modelArtifact({
  path,
  beside,
  name,
  version,
  labels,
  sha256,
  accuracy,
}: ModelDescription): ModelArtifact {
  const files = [path, ...beside].map((local) => {
    const bytes = readFileSync(local);
    return {path: basename(local), local, md5: md5(bytes, 'base64'), size: bytes.length};
  });
  return {
    name: name.replace(/[^\w.-]+/g, '-'),
    type: 'model',
    digest: manifestDigest(files),
    metadata: JSON.stringify({version, labels, sha256, accuracy}),
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** MD5 over the manifest's lines (core/pkg/artifacts/builder.go of wandb): equal contents are stored once. */
export function manifestDigest(files: readonly {path: string; md5: string}[]): string {
  const lines = [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => `${file.path}:${file.md5}\n`);
  return md5(Buffer.from(`wandb-artifact-manifest-v1\n${lines.join('')}`), 'hex');
}

/** The file that lists what is in an artifact. */
export function manifestFile(files: readonly ArtifactFile[]): Buffer {
  const contents = Object.fromEntries(files.map(({path, md5: digest, size}) => [path, {digest, size}]));
  const document = {
    version: 1,
    storagePolicy: STORAGE_POLICY,
    storagePolicyConfig: {storageLayout: 'V2'},
    contents,
  };
  return Buffer.from(JSON.stringify(document));
}

/**
 * Names an artifact before the server does: the same again for the same artifact of a run, so that a server that was told of
 * it already, without its answer being heard, takes it for the same.
 */
export function clientId(run: string, digest: string, purpose: 'artifact' | 'sequence'): string {
  const bytes = [0, 1].flatMap((part) => [
    ...createHash('sha512').update(`${run} ${digest} ${purpose} ${part}`).digest(),
  ]);
  return bytes.map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

export function md5(bytes: Uint8Array, encoding: 'base64' | 'hex'): string {
  return createHash('md5').update(bytes).digest(encoding);
}
