import type {Json} from '../../common/json-value.ts';
import {toYaml} from '../../common/yaml.ts';
import {startOf, type TrackedEvent} from '../event.ts';
import type {DeliveryRecord} from '../sending/delivery-record.ts';
import type {HttpClient} from '../sending/http-client.ts';
import type {RemoteTracker} from '../sending/remote-tracker.ts';
import {SendFailure} from '../sending/send-failure.ts';
import {modelArtifact} from './artifact.ts';
import {wandbJson} from './json.ts';
import type {MediaFile} from './media.ts';
import {pageOf, type WandbSettings} from './settings.ts';
import {exitCodeOf, Translator, type WandbItem} from './translate.ts';
import {type StreamBody, WandbApi, type WandbPlace} from './wandb-api.ts';

export interface WandbState extends WandbPlace {
  /** What the run had in W&B before this one went on with it: lines of its files, and steps. */
  before: {history: number; events: number; output: number; step: number};
}

/** Most characters of lines in one request; the server takes ten times as many. */
const MOST_CHARACTERS = 1_000_000;
const NONE = {history: 0, events: 0, output: 0, step: 0};

/** The files of a run whose lines are sent as they come. */
interface Lines {
  history: string[];
  events: string[];
  output: string[];
}

/** Sends a run to a W&B server. */
export class OnlineRun implements RemoteTracker {
  readonly name = 'wandb';
  readonly client: HttpClient;
  readonly record: DeliveryRecord<WandbState>;
  readonly #api: WandbApi;
  readonly #settings: WandbSettings;

  constructor(client: HttpClient, record: DeliveryRecord<WandbState>, settings: WandbSettings) {
    [this.client, this.record, this.#settings] = [client, record, settings];
    this.#api = new WandbApi(client);
  }

  get address(): string {
    const {entity, project, id} = this.record.state;
    const {base} = this.#settings;
    return entity && project && id ? pageOf(base, entity, project, id) : base;
  }

  async send(events: readonly TrackedEvent[], from: number): Promise<void> {
    const {run} = startOf(events);
    const place = await this.#open(events);
    const before = this.record.state.before ?? NONE;
    const translator = new Translator(events, before.step);
    const progress = new Progress(before);
    const config: {[key: string]: Json} = {...run.config};
    const media: MediaFile[] = [];
    for (const [i, event] of events.entries()) {
      for (const item of translator.translate(event)) {
        progress.add(item, i >= from);
        if (item.kind === 'chart') setPath(config, ['_wandb', ...item.path], item.chart);
        if (i < from) continue;
        if (item.kind === 'media') media.push(item.file);
        else if (item.kind === 'chart' || item.kind === 'resume') await this.#configure(place, config);
        else if (item.kind === 'model') await this.#api.putArtifact(place, modelArtifact(item.model));
        else if (item.kind === 'finish') {
          await this.#flush(place, progress, media);
          await this.#end(item, {place, config, progress, events});
        }
        if (progress.characters > MOST_CHARACTERS) await this.#flush(place, progress, media);
      }
    }
    await this.#flush(place, progress, media);
  }

  /** Without signs of life a server takes a run for crashed. */
  async idle(): Promise<void> {
    const {entity, project, id} = this.record.state;
    if (entity && project && id) await this.#api.stream({entity, project, id}, {});
  }

  /** Creates the run, or finds what there is of one that goes on. */
  async #open(events: readonly TrackedEvent[]): Promise<WandbPlace> {
    const {entity, project, id} = this.record.state;
    if (entity && project && id) return {entity, project, id};
    const {resume, ...settings} = this.#settings;
    const owner = await this.#api.viewer();
    const asked = {entity: settings.entity ?? owner, project: settings.project, id: settings.id};
    const before = resume === undefined ? NONE : await this.#linesBefore(asked, resume);
    const {run} = startOf(events);
    const place = await this.#configure(asked, run.config, {
      groupName: settings.group,
      displayName: settings.name,
      notes: settings.notes,
      commit: run.commit,
      host: run.host,
      program: run.command,
      jobType: settings.jobType,
      sweep: settings.sweep,
      ...(settings.tags.length > 0 ? {tags: settings.tags} : {}),
    });
    this.record.remember({...place, before});
    return place;
  }

  async #linesBefore(place: WandbPlace, resume: NonNullable<WandbSettings['resume']>): Promise<WandbState['before']> {
    const bucket = await this.#api.bucket(place);
    if (bucket && resume === 'never')
      throw new SendFailure(`there is a run ${place.id} already, and WANDB_RESUME is never`, {retry: false});
    if (!bucket && resume === 'must')
      throw new SendFailure(`there is no run ${place.id} to go on with, as WANDB_RESUME=must asks`, {retry: false});
    if (!bucket) return NONE;
    const {historyLineCount: history, eventsLineCount: events, logLineCount: output, historyTail} = bucket;
    return {history, events, output, step: nextStep(historyTail) ?? history};
  }

  /** Tells the whole configuration, each setting below `value`. */
  #configure(
    {entity, project, id}: WandbPlace,
    config: {[key: string]: Json},
    others: Record<string, unknown> = {},
  ): Promise<WandbPlace> {
    return this.#api.upsert({name: id, entity, project, config: wandbJson(wrapped(config)), ...others});
  }

  async #flush(place: WandbPlace, progress: Progress, media: MediaFile[]): Promise<void> {
    const files = new Map(media.splice(0).map(({path, bytes}) => [path, bytes]));
    await this.#api.putFiles(place, files);
    const body = progress.take();
    const uploaded = [...files.keys()];
    if (body !== undefined || uploaded.length > 0)
      await this.#api.stream(place, {...(body ? {files: body} : {}), ...(uploaded.length > 0 ? {uploaded} : {})});
  }

  async #end(
    {state, runtime}: Extract<WandbItem, {kind: 'finish'}>,
    {
      place,
      config,
      progress,
      events,
    }: {
      place: WandbPlace;
      config: {[key: string]: Json};
      progress: Progress;
      events: readonly TrackedEvent[];
    },
  ): Promise<void> {
    const {run, time} = startOf(events);
    const metadata = {
      os: run.machine.platform,
      startedAt: new Date(time).toISOString(),
      program: run.command,
      host: run.host,
      cpu_count: run.machine.cores,
      memory: {total: String(run.machine.memory)},
      ...(run.commit === undefined ? {} : {git: {commit: run.commit}}),
      rice: run.versions.rice,
      node: run.versions.node,
    };
    const files = new Map<string, Uint8Array>([
      ['config.yaml', Buffer.from(toYaml(wrapped(config)))],
      ['wandb-summary.json', Buffer.from(progress.summary)],
      ['output.log', Buffer.from(logOf(events))],
      ['wandb-metadata.json', Buffer.from(JSON.stringify({...metadata, runtime}))],
    ]);
    await this.#api.putFiles(place, files);
    const uploaded = [...files.keys()];
    // A run that nobody ended did not complete: the server has a state of its own for it.
    if (state === 'crashed') {
      await this.#api.stream(place, {uploaded});
      await this.#api.upsert({name: place.id, entity: place.entity, project: place.project, state: 'crashed'});
    } else await this.#api.stream(place, {uploaded, complete: true, exitcode: exitCodeOf(state)});
  }
}

/** Counts the lines of a run, and gathers those that are to be sent. */
class Progress {
  readonly #next: Record<keyof Lines, number>;
  #lines: Lines = {history: [], events: [], output: []};
  readonly #summary: Record<string, Json> = {};
  #summaryChanged = false;
  characters = 0;

  constructor({history, events, output}: WandbState['before']) {
    this.#next = {history, events, output};
  }

  get summary(): string {
    return wandbJson(this.#summary);
  }

  /** @param wanted whether the line is to be sent, and not only counted */
  add(item: WandbItem, wanted: boolean): void {
    if (item.kind === 'history') {
      Object.assign(this.#summary, item.row);
      this.#line('history', () => wandbJson(item.row), wanted);
      if (wanted) this.#summaryChanged = true;
    } else if (item.kind === 'stats') {
      const values = Object.entries(item.values).map(([name, value]) => [`system.${name}`, value]);
      const row = {...Object.fromEntries(values), _runtime: item.runtime, _timestamp: item.time / 1000, _wandb: true};
      this.#line('events', () => wandbJson(row), wanted);
    } else if (item.kind === 'output') this.#line('output', () => outputLine(item), wanted);
  }

  /** What is to be sent, with the place of the first line of each file. */
  take(): StreamBody['files'] {
    const names = {history: 'wandb-history.jsonl', events: 'wandb-events.jsonl', output: 'output.log'} as const;
    const files: NonNullable<StreamBody['files']> = {};
    for (const kind of ['history', 'events', 'output'] as const) {
      const content = this.#lines[kind];
      if (content.length > 0) files[names[kind]] = {offset: this.#next[kind] - content.length, content};
    }
    if (this.#summaryChanged) files['wandb-summary.json'] = {offset: 0, content: [this.summary]};
    this.#lines = {history: [], events: [], output: []};
    [this.#summaryChanged, this.characters] = [false, 0];
    return Object.keys(files).length > 0 ? files : undefined;
  }

  #line(kind: keyof Lines, write: () => string, wanted: boolean): void {
    this.#next[kind]++;
    if (!wanted) return;
    const text = write();
    this.#lines[kind].push(text);
    this.characters += text.length;
  }
}

function outputLine({time, stream, text}: Extract<WandbItem, {kind: 'output'}>): string {
  return `${stream === 'stderr' ? 'ERROR ' : ''}${new Date(time).toISOString().replace('Z', '')} ${text}`;
}

function logOf(events: readonly TrackedEvent[]): string {
  return events.flatMap((event) => (event.type === 'log' ? [`${event.text}\n`] : [])).join('');
}

function wrapped(config: {[key: string]: Json}): {[key: string]: Json} {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, {value}]));
}

function setPath(target: {[key: string]: Json}, path: readonly string[], value: Json): void {
  let place = target;
  for (const key of path.slice(0, -1)) {
    place[key] = {...(place[key] as {[key: string]: Json} | undefined)};
    place = place[key];
  }
  place[path.at(-1)!] = value;
}

/** The step behind the last one that the server has. */
function nextStep(tail: string | null | undefined): number | undefined {
  try {
    const [last] = (JSON.parse(tail ?? '[]') as string[]).slice(-1);
    const {_step: step} = JSON.parse(last) as {_step?: number};
    return typeof step === 'number' ? step + 1 : undefined;
  } catch {
    return undefined;
  }
}
