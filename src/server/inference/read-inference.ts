import {RejectedRequest} from '../rejected-request.ts';
import type {WorkKind} from '../work/worker-supervisor.ts';
import {readBase64, readLengthPrefixed, readLevels} from './elements.ts';
import {countOf, type Fields, listOf, objectOf, textOf, wrong} from './fields.ts';
import {ENCODED_INPUT, WINDOW_INPUT} from './protocol.ts';

/** A parsed inference request. */
export interface Inference {
  id?: string;
  kind: WorkKind;
  /** One per picture. */
  inputs: Uint8Array[];
  /** In the requested order; undefined for all. */
  outputs?: {name: string; binary: boolean}[];
  /** Default for outputs: whether tensors follow the JSON of the answer in binary. */
  binary: boolean;
}

export interface InferenceLimits {
  /** Size of the model's window. */
  window: {width: number; height: number};
  outputs: readonly string[];
  maxFiles: number;
}

/**
 * Reads the body of an inference request.
 *
 * @param jsonLength length of the JSON in the body; undefined for the whole body
 * @throws RiceError REQUEST_INVALID, REQUEST_TOO_LARGE
 */
export function readInference(body: Buffer, jsonLength: number | undefined, limits: InferenceLimits): Inference {
  const request = objectOf(parse(body, jsonLength), 'the request');
  const tensors = jsonLength === undefined ? Buffer.alloc(0) : body.subarray(jsonLength);
  const inputs = listOf(request.inputs, 'inputs');
  if (inputs.length !== 1)
    throw wrong(`the request must have one input, ${ENCODED_INPUT} or ${WINDOW_INPUT}; it has ${inputs.length}`);
  const parameters = objectOf(request.parameters ?? {}, 'parameters');
  return {
    ...(request.id === undefined ? {} : {id: textOf(request.id, 'id')}),
    ...readInput(objectOf(inputs[0], 'the input'), tensors, limits),
    ...(request.outputs === undefined ? {} : {outputs: readOutputs(request.outputs, parameters, limits)}),
    binary: parameters.binary_data_output === true,
  };
}

/** More values would block the event loop for longer than a probe's timeout, and take many times their size in memory. */
const MAX_VALUES = 1_000_000;
const SEPARATORS = new Set([...',[{'].map((character) => character.charCodeAt(0)));

/** Upper bound of the number of values in JSON, without parsing it. */
function countValues(json: Buffer): number {
  let count = 0;
  for (const byte of json) if (SEPARATORS.has(byte)) count += 1;
  return count;
}

function parse(body: Buffer, jsonLength: number | undefined): unknown {
  if (jsonLength !== undefined && !(Number.isInteger(jsonLength) && jsonLength >= 0 && jsonLength <= body.length))
    throw wrong('Inference-Header-Content-Length must be a number of bytes within the body');
  const json = body.subarray(0, jsonLength ?? body.length);
  if (countValues(json) > MAX_VALUES)
    throw new RejectedRequest(
      'too large',
      'REQUEST_TOO_LARGE',
      `the JSON has more than ${MAX_VALUES.toLocaleString('en')} values: send tensors as binary data after it`,
    );
  try {
    return JSON.parse(json.toString());
  } catch (error) {
    throw wrong(`the request is not JSON: ${(error as Error).message}`);
  }
}

const MAX_DIMENSIONS = 4;

/** Quotes text of a client in an error message, with bounded length. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

function readInput(input: Fields, tensors: Buffer, limits: InferenceLimits): Pick<Inference, 'kind' | 'inputs'> {
  const name = textOf(input.name, 'the name of the input');
  if (name !== ENCODED_INPUT && name !== WINDOW_INPUT)
    throw wrong(`unknown input ${quoted(name)}; known are ${ENCODED_INPUT} and ${WINDOW_INPUT}`);
  const sides = listOf(input.shape, 'the shape of the input');
  if (sides.length > MAX_DIMENSIONS) throw wrong(`the shape has ${sides.length} numbers, more than any input`);
  const shape = sides.map((side) => countOf(side, 'each number of the shape'));
  const binary = binaryPart(input, tensors);
  const [count = 0] = shape;
  if (count === 0) throw wrong('the shape must begin with the number of pictures, at least 1');
  if (count > limits.maxFiles)
    throw new RejectedRequest(
      'too large',
      'REQUEST_TOO_LARGE',
      `${count} pictures in one request: at most ${limits.maxFiles} are allowed`,
    );
  switch (input.datatype) {
    case 'BYTES':
      if (shape.slice(1).some((side) => side !== 1)) throw wrong('the shape of BYTES must be [N] or [N, 1]');
      return {
        kind: 'pictures',
        inputs: binary ? readLengthPrefixed(binary, count) : readBase64(listOf(input.data, 'data'), count),
      };
    case 'UINT8':
      return {kind: 'windows', inputs: readWindows(input, shape, binary, limits)};
    default:
      throw wrong(`the datatype must be BYTES or UINT8, it is ${quoted(textOf(input.datatype, 'the datatype'))}`);
  }
}

/** The input's binary tensor: all bytes after the JSON, since there is only one input. */
function binaryPart(input: Fields, tensors: Buffer): Buffer | undefined {
  const {binary_data_size: size} = objectOf(input.parameters ?? {}, 'the parameters of the input');
  if (size === undefined) return undefined;
  if (countOf(size, 'binary_data_size') !== tensors.length)
    throw wrong(`binary_data_size is ${size}, but ${tensors.length} bytes follow the JSON`);
  return tensors;
}

function readWindows(
  input: Fields,
  shape: readonly number[],
  binary: Buffer | undefined,
  {window: {width, height}}: InferenceLimits,
): Uint8Array[] {
  const [count, ...sides] = shape;
  if (sides.join() !== `${height},${width},3`)
    throw wrong(`the shape of UINT8 must be [N, ${height}, ${width}, 3], it is [${shape.join(', ')}]`);
  const size = width * height * 3;
  if (binary && binary.length !== count * size)
    throw wrong(`the tensor has ${binary.length} bytes, its shape says ${count * size}`);
  const levels = binary ?? readLevels(listOf(input.data, 'data'), count * size, shape.length);
  return Array.from({length: count}, (_, i) => levels.subarray(i * size, (i + 1) * size));
}

function readOutputs(
  value: unknown,
  {binary_data_output: byDefault}: Fields,
  {outputs: known}: InferenceLimits,
): NonNullable<Inference['outputs']> {
  const outputs = listOf(value, 'outputs');
  // Repeated outputs would let a small request cause a large answer.
  if (outputs.length > known.length) throw wrong(`${outputs.length} outputs are requested; there are ${known.length}`);
  return outputs.map((each) => {
    const output = objectOf(each, 'each output');
    const name = textOf(output.name, 'the name of an output');
    if (!known.includes(name)) throw wrong(`unknown output ${quoted(name)}; known are ${known.join(', ')}`);
    const {binary_data: binary} = objectOf(output.parameters ?? {}, 'the parameters of an output');
    return {name, binary: binary === undefined ? byDefault === true : binary === true};
  });
}
