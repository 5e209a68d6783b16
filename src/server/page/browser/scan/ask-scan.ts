import type {Corrections} from '../../../../scanning/corrections.ts';
import {byId} from '../elements.ts';
import type {Failure} from '../words.ts';
import type {ScanDocument} from './document.ts';

/** Attempts if the server is busy. */
const ATTEMPTS = 4;

/** The code of a failure that no server has answered with. */
export const UNREACHABLE = 'UNREACHABLE';

export interface ScanQuestion {
  picture: File;
  /** Parameters of `POST /scan`. */
  parameters: Record<string, string>;
  corrections: Corrections | undefined;
}

export type ScanAnswer = {scan: ScanDocument} | {failure: Failure} | {cancelled: true};

export interface ScanEvents {
  /** @param share of the picture that has been sent; 1 while the server looks at it */
  onSent(share: number): void;
  signal: AbortSignal;
}

/** Asks the server for a scan. Errors are returned as failures, never thrown. */
export async function askScan(question: ScanQuestion, events: ScanEvents): Promise<ScanAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await askOnce(question, events);
    if (!('wait' in answer)) return answer;
    if (attempt === ATTEMPTS) return {failure: answer.failure};
    await new Promise((resolve) => setTimeout(resolve, answer.wait * attempt * 1000));
    if (events.signal.aborted) return {cancelled: true};
  }
}

/** By XMLHttpRequest, which tells how much has been sent: a photograph takes a while over a slow network. */
function askOnce(
  {picture, parameters, corrections}: ScanQuestion,
  {onSent, signal}: ScanEvents,
): Promise<ScanAnswer | {failure: Failure; wait: number}> {
  const form = new FormData();
  for (const [name, value] of Object.entries(parameters)) form.append(name, value);
  if (corrections) form.append('corrections', new Blob([JSON.stringify(corrections)]), 'corrections.json');
  form.append('file', picture, picture.name || 'picture');
  const request = new XMLHttpRequest();
  request.open('POST', new URL('scan', byId<HTMLFormElement>('drop').action));
  request.responseType = 'json';
  request.upload.addEventListener('progress', ({loaded, total}) => onSent(total === 0 ? 1 : loaded / total));
  request.upload.addEventListener('load', () => onSent(1));
  return new Promise((resolve) => {
    const abort = () => request.abort();
    signal.addEventListener('abort', abort);
    const unreachable = {
      code: UNREACHABLE,
      message: 'The server cannot be reached.',
      suggestions: ['Check the network, and try again.'],
    };
    request.addEventListener('error', () => resolve({failure: unreachable}));
    request.addEventListener('abort', () => resolve({cancelled: true}));
    request.addEventListener('load', () => resolve(read(request)));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    request.send(form);
  });
}

function read(request: XMLHttpRequest): ScanAnswer | {failure: Failure; wait: number} {
  const document = request.response as (ScanDocument & {error?: Failure}) | null;
  if (request.status === 200 && document?.pictures?.[0]) return {scan: document};
  const failure = document?.error ?? {message: `The server answers ${request.status}.`, suggestions: []};
  const wait = Number(request.getResponseHeader('retry-after'));
  const busy = request.status === 503 || request.status === 429;
  // After a long wait, or where the answer has taken too long, the user should decide about a retry.
  return busy && wait <= 5 && failure.code !== 'ANSWER_TIMEOUT' ? {failure, wait: wait || 1} : {failure};
}
