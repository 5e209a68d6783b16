import type {HttpClient} from '../sending/http-client.ts';
import {SendFailure} from '../sending/send-failure.ts';

/** Most of each in one call, and characters of each (mlflow/utils/validation.py). */
export const MOST_METRICS = 1000;
export const MOST_PARAMETERS = 100;
const LONGEST_KEY = 250;
const LONGEST_PARAMETER = 6000;
const LONGEST_TAG = 8000;

export interface MlflowMetric {
  key: string;
  value: number;
  /** Milliseconds since 1970. */
  timestamp: number;
  step: number;
}

export interface KeyValue {
  key: string;
  value: string;
}

/** The calls of MLflow's REST interface that a run needs (https://mlflow.org/docs/latest/rest-api.html). */
export class MlflowApi {
  readonly #client: HttpClient;

  constructor(client: HttpClient) {
    this.#client = client;
  }

  /** The id of an experiment, which is created where there is none of this name. */
  async experiment(name: string): Promise<string> {
    const found = await this.#findExperiment(name);
    if (found !== undefined) return found;
    try {
      const {experiment_id} = await this.#post<{experiment_id: string}>('experiments/create', {name});
      return experiment_id;
    } catch (error) {
      // Another run was faster.
      const other = codeOf(error) === 'RESOURCE_ALREADY_EXISTS' ? await this.#findExperiment(name) : undefined;
      if (other === undefined) throw error;
      return other;
    }
  }

  /** Creates a run, or finds the one with this tag, where the answer to its creation was lost. */
  createRun(experiment: string, name: string, start: number, id: KeyValue, tags: KeyValue[]): Promise<MlflowRunInfo> {
    const all = [id, ...tags].map(shortTag);
    const body = {experiment_id: experiment, run_name: name, start_time: start, tags: all};
    return this.#client.repeat(async () => {
      const found = await this.#findRun(experiment, id);
      if (found) return found;
      const {run} = await this.#post<{run: {info: MlflowRunInfo}}>('runs/create', body, true);
      return run.info;
    });
  }

  async #findRun(experiment: string, {key, value}: KeyValue): Promise<MlflowRunInfo | undefined> {
    const {runs = []} = await this.#post<{runs?: {info: MlflowRunInfo}[]}>('runs/search', {
      experiment_ids: [experiment],
      filter: `tags.\`${key}\` = '${value}'`,
      max_results: 1,
    });
    return runs[0]?.info;
  }

  async updateRun(run: string, status: 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED', end?: number): Promise<void> {
    await this.#post('runs/update', {run_id: run, status, ...(end === undefined ? {} : {end_time: end})});
  }

  /** Parameters are told once, and cannot be changed. */
  async parameters(run: string, params: KeyValue[]): Promise<void> {
    const fitting = params.map(({key, value}) => ({key: cut(key, LONGEST_KEY), value: cut(value, LONGEST_PARAMETER)}));
    for (let at = 0; at < fitting.length; at += MOST_PARAMETERS)
      await this.#post('runs/log-batch', {run_id: run, params: fitting.slice(at, at + MOST_PARAMETERS)});
  }

  /** MLflow takes a metric that it has already for the same one, so that this may be repeated. */
  async metrics(run: string, metrics: MlflowMetric[]): Promise<void> {
    const told = metrics.map((metric) => ({...metric, value: jsonNumber(metric.value)}));
    for (let at = 0; at < told.length; at += MOST_METRICS)
      await this.#post('runs/log-batch', {run_id: run, metrics: told.slice(at, at + MOST_METRICS)});
  }

  async input(run: string, dataset: object): Promise<void> {
    const tags = [{key: 'mlflow.data.context', value: 'training'}];
    await this.#post('runs/log-inputs', {run_id: run, datasets: [{dataset, tags}]});
  }

  /** @param root the address of artifacts as the server gave it. @param path with slashes, below it */
  async putArtifact(root: string, path: string, bytes: Uint8Array): Promise<void> {
    const place = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/.exec(root)?.[1];
    if (place === undefined)
      throw new SendFailure(
        `the server keeps artifacts at ${new URL(root).protocol}, which needs a client of its own`,
        {
          retry: false,
          status: 0,
        },
      );
    const whole = [...place.split('/'), ...path.split('/')].filter((part) => part !== '').map(encodeURIComponent);
    await this.#client.send({
      method: 'PUT',
      path: `/api/2.0/mlflow-artifacts/artifacts/${whole.join('/')}`,
      body: bytes,
      headers: {'content-type': 'application/octet-stream'},
    });
  }

  /** @returns the number of the new version */
  async register(name: string, alias: string | undefined, run: string, tags: KeyValue[]): Promise<string> {
    try {
      await this.#post('registered-models/create', {name});
    } catch (error) {
      if (codeOf(error) !== 'RESOURCE_ALREADY_EXISTS') throw error;
    }
    const body = {name, source: `runs:/${run}/model`, run_id: run, tags};
    const version = await this.#client.repeat(async () => {
      const known = await this.#version(name, run);
      if (known) return known.version;
      const created = await this.#post<{model_version: {version: string}}>('model-versions/create', body, true);
      return created.model_version.version;
    });
    if (alias !== undefined) await this.#post('registered-models/alias', {name, alias, version});
    return version;
  }

  /** The version of a run, if it was created before. */
  async #version(name: string, run: string): Promise<{version: string} | undefined> {
    const filter = encodeURIComponent(`name='${name.replaceAll("'", "''")}' and run_id='${run}'`);
    const found = await this.#client.json<{model_versions?: {version: string}[]}>({
      method: 'GET',
      path: `/api/2.0/mlflow/model-versions/search?filter=${filter}`,
    });
    return found.model_versions?.[0];
  }

  async #findExperiment(name: string): Promise<string | undefined> {
    const path = `/api/2.0/mlflow/experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    try {
      const {experiment} = await this.#client.json<{experiment: {experiment_id: string; lifecycle_stage: string}}>({
        method: 'GET',
        path,
      });
      if (experiment.lifecycle_stage !== 'deleted') return experiment.experiment_id;
      throw new SendFailure(`the experiment ${name} was deleted: restore it, or name another with --track-project`, {
        retry: false,
      });
    } catch (error) {
      if (codeOf(error) === 'RESOURCE_DOES_NOT_EXIST') return undefined;
      throw error;
    }
  }

  #post<Answer>(call: string, json: object, once = false): Promise<Answer> {
    return this.#client.json<Answer>({method: 'POST', path: `/api/2.0/mlflow/${call}`, json, once});
  }
}

export interface MlflowRunInfo {
  run_id: string;
  artifact_uri: string;
}

/** MLflow's own code in the answer to a call that it refuses. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof SendFailure)) return undefined;
  try {
    return (JSON.parse(error.answer) as {error_code?: string}).error_code;
  } catch {
    return undefined;
  }
}

function shortTag({key, value}: KeyValue): KeyValue {
  return {key: cut(key, LONGEST_KEY), value: cut(value, LONGEST_TAG)};
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

/** As protobuf's JSON writes numbers that are none. */
function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
