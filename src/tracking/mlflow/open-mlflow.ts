import {startOf, type TrackedEvent} from '../event.ts';
import {DeliveryRecord} from '../sending/delivery-record.ts';
import {HttpClient} from '../sending/http-client.ts';
import type {OpenOptions} from '../sending/open-options.ts';
import {MlflowRun, type MlflowState} from './mlflow-run.ts';
import {mlflowSettings} from './settings.ts';

/** @throws SendFailure if the settings do not name a server */
export function openMlflow(
  events: readonly TrackedEvent[],
  {folder, env, signal, firstWait, warn}: OpenOptions,
): MlflowRun {
  const {address, headers, secrets, experiment} = mlflowSettings(startOf(events).run, env);
  const client = new HttpClient({base: address, headers, secrets, signal, ...(firstWait ? {firstWait} : {})});
  const record = new DeliveryRecord<MlflowState>(folder, 'mlflow');
  return new MlflowRun({client, record, server: address, experiment, warn});
}
