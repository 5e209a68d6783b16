import {startOf, type TrackedEvent} from '../event.ts';
import {DeliveryRecord} from '../sending/delivery-record.ts';
import {HttpClient} from '../sending/http-client.ts';
import type {OpenOptions} from '../sending/open-options.ts';
import {SendFailure} from '../sending/send-failure.ts';
import {OnlineRun, type WandbState} from './online-run.ts';
import {wandbSettings} from './settings.ts';

/** @throws SendFailure if a variable is wrong, or there is no key */
export function openWandb(events: readonly TrackedEvent[], {folder, env, signal, firstWait}: OpenOptions): OnlineRun {
  const settings = wandbSettings(startOf(events).run, env);
  const {base, key} = settings;
  if (key === undefined) {
    const {hostname} = new URL(base);
    throw new SendFailure(`there is no key: WANDB_API_KEY is not set, and ~/.netrc has none for ${hostname}`, {
      retry: false,
    });
  }
  const basic = Buffer.from(`api:${key}`).toString('base64');
  const client = new HttpClient({
    base,
    headers: {authorization: `Basic ${basic}`, 'user-agent': 'rice'},
    secrets: [key, basic],
    signal,
    ...(firstWait ? {firstWait} : {}),
  });
  return new OnlineRun(client, new DeliveryRecord<WandbState>(folder, 'wandb'), settings);
}
