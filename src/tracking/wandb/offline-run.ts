import {mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fromFileSystemError} from '../../common/errors.ts';
import type {Json} from '../../common/json-value.ts';
import {encodeMessage} from '../../onnx/protobuf.ts';
import {type RunDescription, startOf, type TrackedEvent} from '../event.ts';
import type {FileTracker} from '../file-tracker.ts';
import {ARTIFACT_ALIASES, clientId, modelArtifact, STORAGE_POLICY} from './artifact.ts';
import {wandbJson} from './json.ts';
import {RECORD} from './record-schema.ts';
import type {WandbSettings} from './settings.ts';
import {TransactionLog} from './transaction-log.ts';
import {exitCodeOf, Translator, type WandbItem} from './translate.ts';

/** The version of wandb whose format this is, and what it says of the oldest that reads it. */
const FORMAT_VERSION = '0.31.0';
const OLDEST_READER = '0.70.0';
const STDOUT = 1;
const STDERR = 0;
/** Of files: uploaded at the end; pictures and tables. */
const [POLICY_END, FILE_MEDIA] = [1, 2];

/** Writes a run as W&B's own client does without a network, for `wandb sync` and `wandb leet`. */
export class OfflineRun implements FileTracker {
  readonly place: string;
  readonly #settings: WandbSettings;
  readonly #log: TransactionLog;
  readonly #translator: Translator;
  #num = 0;

  constructor(events: readonly TrackedEvent[], settings: WandbSettings) {
    const {run, time} = startOf(events);
    const {id, dir} = settings;
    this.#settings = settings;
    this.place = join(dir, 'wandb', `offline-run-${localTime(time)}-${id}`);
    const log = join(this.place, `run-${id}.wandb`);
    try {
      for (const name of ['files', 'logs']) mkdirSync(join(this.place, name), {recursive: true});
      // After an interruption everything is written anew, and is to be synced again.
      for (const path of [log, `${log}.synced`]) rmSync(path, {force: true});
    } catch (error) {
      throw fromFileSystemError(error, this.place, 'write');
    }
    linkLatest(this.place);
    this.#log = new TransactionLog(log);
    this.#translator = new Translator(events);
    this.#begin(run, time);
  }

  write(event: TrackedEvent): void {
    for (const item of this.#translator.translate(event)) this.#item(item);
  }

  close(): void {
    this.#log.close();
  }

  #begin(run: RunDescription, time: number): void {
    const {entity, project, id, name, notes, tags, group, jobType, sweep} = this.#settings;
    this.#record({header: {version: {producer: FORMAT_VERSION, consumer: OLDEST_READER}}});
    const update = Object.entries(run.config).map(([key, value]) => ({key, json: wandbJson(value)}));
    const about = {id, entity, project, name, notes, tags, group, jobType, sweep, host: run.host};
    this.#record({run: {...about, config: {update}, start: timestamp(time)}});
    this.#record({
      environment: {
        os: run.machine.platform,
        started: timestamp(time),
        program: run.command,
        host: run.host,
        executable: process.execPath,
        cpus: run.machine.cores,
        memory: {total: run.machine.memory},
      },
    });
    this.#record({metric: {glob: '*', stepMetric: 'epoch', options: {stepSync: 1}}});
  }

  #item(item: WandbItem): void {
    if (item.kind === 'history') this.#history(item.step, item.row);
    else if (item.kind === 'stats') {
      const values = Object.entries(item.values).map(([key, value]) => ({key, json: wandbJson(value)}));
      this.#record({stats: {type: 0, time: timestamp(item.time), item: values}});
    } else if (item.kind === 'output') {
      const type = item.stream === 'stdout' ? STDOUT : STDERR;
      this.#record({output: {type, time: timestamp(item.time), line: `${item.text}\n`}});
    } else if (item.kind === 'media') {
      const path = join(this.place, 'files', item.file.path);
      mkdirSync(dirname(path), {recursive: true});
      writeFileSync(path, item.file.bytes);
      this.#record({files: {files: [{path: item.file.path, policy: POLICY_END, type: FILE_MEDIA}]}});
    } else if (item.kind === 'chart') {
      this.#record({config: {update: [{nested: ['_wandb', ...item.path], json: wandbJson(item.chart)}]}});
    } else if (item.kind === 'model') this.#model(item);
    else if (item.kind === 'finish')
      this.#record({exit: {code: exitCodeOf(item.state), runtime: Math.round(item.runtime)}});
  }

  /** A row, and a summary of its values: what reads the log makes none by itself. */
  #history(step: number, row: Record<string, Json>): void {
    const item = Object.entries(row).flatMap(([key, value]) => leaves([key], value));
    this.#record({history: {item, step: {num: step}}});
    this.#record({summary: {update: item}});
  }

  #model({model}: Extract<WandbItem, {kind: 'model'}>): void {
    const {id, project, entity} = this.#settings;
    const {name, type, digest, metadata, files} = modelArtifact(model);
    const contents = files.map(({path, md5, size, local}) => ({path, digest: md5, size, local}));
    this.#record({
      artifact: {
        run: id,
        project,
        entity,
        type,
        name,
        digest,
        metadata,
        userCreated: 1,
        aliases: ARTIFACT_ALIASES,
        manifest: {
          version: 1,
          policy: STORAGE_POLICY,
          policyConfig: [{key: 'storageLayout', value: JSON.stringify('V2')}],
          contents,
        },
        finalize: 1,
        clientId: clientId(id, digest, 'artifact'),
        sequenceClientId: clientId(id, digest, 'sequence'),
        digestAlgorithm: 'MANIFEST_MD5',
      },
    });
  }

  #record(content: object): void {
    this.#num++;
    this.#log.write(encodeMessage({num: this.#num, ...content, info: {stream: this.#settings.id}}, RECORD));
  }
}

/** A value by its key; one of several parts by the keys on the way to each. */
function leaves(path: string[], value: Json): {key?: string; nested?: string[]; json: string}[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, part]) => leaves([...path, key], part));
  return [{...(path.length === 1 ? {key: path[0]} : {nested: path}), json: wandbJson(value)}];
}

function timestamp(time: number): {seconds: number; nanos: number} {
  const seconds = Math.floor(time / 1000);
  return {seconds, nanos: Math.round((time - seconds * 1000) * 1e6)};
}

/** As `20261130_235959`, by the clock on the wall. */
function localTime(time: number): string {
  const at = new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString();
  return at.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
}

function linkLatest(place: string): void {
  const link = join(dirname(place), 'latest-run');
  try {
    rmSync(link, {force: true});
    symlinkSync(basename(place), link);
  } catch {
    // Windows allows links to some only.
  }
}
