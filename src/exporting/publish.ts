import {existsSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import type {RiceMetadata} from '../model/metadata.ts';
import {writeCard} from './card/model-card.ts';
import type {SigningKey} from './signing/keys.ts';
import {signModel} from './signing/sign-model.ts';
import {verifySignature} from './signing/verify-signature.ts';

export const CARD_FILE = 'README.md';

/** How a model that was exported is published. */
export interface PublishOptions {
  /** What was written: a file, or a folder. */
  output: string;
  /** The model that the card is of: what was written if it is one, else what it was made of. */
  model: string;
  metadata: RiceMetadata;
  run?: string;
  card?: {license?: string};
  key?: SigningKey;
}

export interface Published {
  card?: string;
  signature?: string;
}

/** Where the card of what is written at a path goes. */
export function cardPath(output: string, isFolder: boolean): string {
  return join(isFolder ? output : dirname(output), CARD_FILE);
}

/** @throws RiceError OUTPUT_EXISTS where a file has the name of the card */
export function checkCard(output: string, isFolder: boolean, force: boolean): void {
  const path = cardPath(output, isFolder);
  if (isFolder || force || !existsSync(path)) return;
  throw new RiceError('OUTPUT_EXISTS', `the card would replace ${path}`, {
    suggestions: ['Name a file in another folder with --output, or replace it with --force.'],
  });
}

/**
 * Writes the card of a model, then signs what was written: the signature of a folder covers the card in it.
 *
 * @throws RiceError as `writeCard`, `signModel` and `verifySignature`
 */
export function publish({output, model, metadata, run, card, key}: PublishOptions): Published {
  const published: Published = {};
  if (card) {
    published.card = cardPath(output, statSync(output).isDirectory());
    writeCard(published.card, {model, ...defined({run, ...card, baseModel: baseModelOf(metadata)})});
  }
  if (key) {
    published.signature = signModel(output, key).path;
    verifySignature(output, published.signature, key.public);
  }
  return published;
}

/** The name on the hub of the weights that a training began with, if they are from there. */
function baseModelOf({training}: RiceMetadata): string | undefined {
  const {source} = (training.configuration.pretrained ?? {}) as {source?: string};
  return source !== undefined && /^[\w.-]+\/[\w.-]+$/.test(source) ? source : undefined;
}
