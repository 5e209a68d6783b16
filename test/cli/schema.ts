import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Ajv2020} from 'ajv/dist/2020.js';
import {expect} from 'chai';
import {ROOT} from './rice.ts';

export function readSchema(name: string): object {
  return JSON.parse(readFileSync(join(ROOT, 'schemas', `${name}.schema.json`), 'utf8'));
}

/** Parses output as exactly one JSON document and validates it against `schemas/<name>.schema.json`. */
export function parseAs<T>(name: string, output: string): T {
  const document: unknown = JSON.parse(output);
  const validate = new Ajv2020({allErrors: true, strict: true, strictRequired: false}).compile(readSchema(name));
  validate(document);
  expect(validate.errors ?? [], output).to.deep.equal([]);
  return document as T;
}
