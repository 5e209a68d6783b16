import type {Reason} from '../../../model/rejection.ts';
import {byId} from './elements.ts';
import type {Failure} from './words.ts';

/** The fields of the server's answer that are shown. */
export interface Prediction {
  label: string;
  confidence: number;
  known: boolean;
  reason?: Reason;
  probabilities: Record<string, number>;
  grain?: {length: number; width: number; angle: number; x: number; y: number};
  warnings?: string[];
  /** Where it was asked for. */
  explanation?: {image: string};
}

export type Answer = {prediction: Prediction} | {failure: Failure};

/** Attempts if the server is busy or the network fails. */
const ATTEMPTS = 4;

/** Asks the server for the variety. Errors are returned as failures, never thrown. */
export async function ask(picture: File, explain = false): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await askOnce(picture, explain);
    if (!('wait' in answer)) return answer;
    if (attempt === ATTEMPTS) return {failure: answer.failure};
    await new Promise((resolve) => setTimeout(resolve, answer.wait * attempt * 1000));
  }
}

async function askOnce(picture: File, explain: boolean): Promise<Answer | {failure: Failure; wait: number}> {
  const form = new FormData();
  form.append('file', picture, picture.name);
  if (explain) form.append('explain', 'true');
  let response: Response;
  let document: {predictions?: Prediction[]; error?: Failure};
  try {
    response = await fetch(new URL('predict', byId<HTMLFormElement>('drop').action), {method: 'POST', body: form});
    document = await response.json();
  } catch {
    const failure = {message: 'The server cannot be reached.', suggestions: ['Check the network, and try again.']};
    return {failure, wait: 1};
  }
  const prediction = document.predictions?.[0];
  if (response.ok && prediction) return {prediction};
  const failure = document.error ?? {message: `The server answers ${response.status}.`, suggestions: []};
  const wait = Number(response.headers.get('retry-after'));
  // After a long wait, the user should decide about a retry.
  return (response.status === 503 || response.status === 429) && wait <= 5 ? {failure, wait: wait || 1} : {failure};
}
