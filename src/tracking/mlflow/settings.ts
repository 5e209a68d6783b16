import {shownAddress} from '../../common/shown-address.ts';
import type {RunDescription} from '../event.ts';
import {SendFailure} from '../sending/send-failure.ts';

/** Where `mlflow server` listens unless it is told otherwise. */
const DEFAULT_ADDRESS = 'http://127.0.0.1:5000';
const DEFAULT_EXPERIMENT = 'rice';

export interface MlflowSettings {
  /** Without user and password. */
  address: string;
  headers: Record<string, string>;
  secrets: string[];
  experiment: string;
}

/**
 * Reads MLflow's own variables. A user and password may also stand in the address.
 *
 * @throws SendFailure if the address is not that of a server
 */
export function mlflowSettings(run: RunDescription, env: NodeJS.ProcessEnv): MlflowSettings {
  const given = env.MLFLOW_TRACKING_URI || DEFAULT_ADDRESS;
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given))
    throw new SendFailure(
      `MLFLOW_TRACKING_URI is ${shownAddress(given)}, but only servers at http: or https: can be told: start one with mlflow server`,
      {retry: false},
    );
  const url = new URL(given);
  const user = env.MLFLOW_TRACKING_USERNAME || decodeURIComponent(url.username);
  const password = env.MLFLOW_TRACKING_PASSWORD || decodeURIComponent(url.password);
  [url.username, url.password] = ['', ''];
  const token = env.MLFLOW_TRACKING_TOKEN;
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  const authorization = user ? `Basic ${basic}` : token ? `Bearer ${token}` : undefined;
  return {
    address: url.href.replace(/\/+$/, ''),
    headers: authorization === undefined ? {} : {authorization},
    secrets: [password, token ?? '', user ? basic : ''].filter((secret) => secret !== ''),
    experiment: run.project ?? (env.MLFLOW_EXPERIMENT_NAME || DEFAULT_EXPERIMENT),
  };
}
