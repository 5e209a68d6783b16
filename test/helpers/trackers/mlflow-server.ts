import {type Answered, type FaultyServer, type Received, startFaultyServer} from './faulty-server.ts';

export interface StoredRun {
  name: string;
  status: string;
  end?: number;
  tags: Record<string, string>;
  params: Record<string, string>;
  /** `key step timestamp value`, each once, as MLflow's database keeps them. */
  metrics: Set<string>;
  datasets: Set<string>;
}

export interface MlflowStandIn extends FaultyServer {
  readonly experiments: string[];
  readonly runs: Map<string, StoredRun>;
  readonly artifacts: Map<string, string>;
  readonly versions: {name: string; run: string}[];
  readonly aliases: Map<string, string>;
}

/** A stand-in for an MLflow server, with the limits and refusals of the real one. @param password what it asks for, if anything */
export async function startMlflowServer(password?: string): Promise<MlflowStandIn> {
  const experiments: string[] = [];
  const runs = new Map<string, StoredRun>();
  const artifacts = new Map<string, string>();
  const versions: {name: string; run: string}[] = [];
  const aliases = new Map<string, string>();
  const models = new Set<string>();
  const refuse = (code: string, status = 400): Answered => ({status, json: {error_code: code, message: code}});
  const info = (id: string) => ({run_id: id, artifact_uri: `mlflow-artifacts:/1/${id}/artifacts`});

  const calls: Record<string, (body: never, query: URLSearchParams) => Answered> = {
    'experiments/get-by-name': (_, query) => {
      const index = experiments.indexOf(query.get('experiment_name')!);
      if (index < 0) return refuse('RESOURCE_DOES_NOT_EXIST', 404);
      return {json: {experiment: {experiment_id: String(index), lifecycle_stage: 'active'}}};
    },
    'experiments/create': ({name}: {name: string}) => {
      if (experiments.includes(name)) return refuse('RESOURCE_ALREADY_EXISTS');
      experiments.push(name);
      return {json: {experiment_id: String(experiments.length - 1)}};
    },
    'runs/search': ({filter}: {filter: string}) => {
      const [, tag, value] = /^tags\.`(.*)` = '(.*)'$/.exec(filter)!;
      const found = [...runs].filter(([, run]) => run.tags[tag] === value).map(([id]) => ({info: info(id)}));
      return {json: found.length > 0 ? {runs: found} : {}};
    },
    'runs/create': ({run_name, tags}: {run_name: string; tags: {key: string; value: string}[]}) => {
      const id = `run${runs.size}`;
      const stored = {params: {}, metrics: new Set<string>(), datasets: new Set<string>()};
      const named = Object.fromEntries(tags.map(({key, value}) => [key, value]));
      runs.set(id, {name: run_name, status: 'RUNNING', tags: named, ...stored});
      return {json: {run: {info: info(id)}}};
    },
    'runs/log-batch': (batch: {
      run_id: string;
      params?: {key: string; value: string}[];
      metrics?: {key: string; value: number; step: number; timestamp: number}[];
    }) => {
      const {params = [], metrics = []} = batch;
      if (params.length > 100 || metrics.length > 1000) return refuse('INVALID_PARAMETER_VALUE');
      const run = runs.get(batch.run_id)!;
      for (const {key, value} of params) {
        if (value.length > 6000 || (run.params[key] ?? value) !== value) return refuse('INVALID_PARAMETER_VALUE');
        run.params[key] = value;
      }
      for (const {key, step, timestamp, value} of metrics) run.metrics.add(`${key} ${step} ${timestamp} ${value}`);
      return {};
    },
    'runs/log-inputs': ({run_id, datasets}: {run_id: string; datasets: {dataset: {digest: string}}[]}) => {
      if (datasets.some(({dataset}) => dataset.digest.length > 36)) return refuse('INVALID_PARAMETER_VALUE');
      for (const each of datasets) runs.get(run_id)!.datasets.add(JSON.stringify(each));
      return {};
    },
    'runs/update': ({run_id, status, end_time}: {run_id: string; status: string; end_time?: number}) => {
      Object.assign(runs.get(run_id)!, {status, end: end_time});
      return {json: {run_info: info(run_id)}};
    },
    'registered-models/create': ({name}: {name: string}) => {
      if (models.has(name)) return refuse('RESOURCE_ALREADY_EXISTS');
      models.add(name);
      return {};
    },
    'model-versions/search': (_, query) => {
      const [, run] = /run_id='(.*)'$/.exec(query.get('filter')!)!;
      const found = versions.findIndex((version) => version.run === run);
      return {json: found < 0 ? {} : {model_versions: [{version: String(found + 1)}]}};
    },
    'model-versions/create': ({name, run_id}: {name: string; run_id: string}) => {
      versions.push({name, run: run_id});
      return {json: {model_version: {version: String(versions.length)}}};
    },
    'registered-models/alias': ({name, alias, version}: {name: string; alias: string; version: string}) => {
      aliases.set(`${name}@${alias}`, version);
      return {};
    },
  };

  const answer = ({method, path, query, headers, body}: Received): Answered => {
    const expected = `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;
    if (password !== undefined && headers.authorization !== expected)
      return {status: 401, json: {message: `you are not ${headers.authorization}`}};
    const stored = '/api/2.0/mlflow-artifacts/artifacts/';
    if (method === 'PUT' && path.startsWith(stored)) {
      artifacts.set(path.slice(stored.length), body.toString('latin1'));
      return {};
    }
    const call = calls[path.replace('/api/2.0/mlflow/', '')];
    return (
      call?.(body.length > 0 ? (JSON.parse(body.toString()) as never) : (undefined as never), query) ??
      refuse('ENDPOINT_NOT_FOUND', 404)
    );
  };
  return Object.assign(await startFaultyServer(answer), {experiments, runs, artifacts, versions, aliases});
}
