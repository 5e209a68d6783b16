import {RiceError} from '../../common/errors.ts';

/** How a request asks why: a schema. */
export const EXPLAIN_PARAMETER = {
  type: 'string',
  enum: ['true', 'false'],
  default: 'false',
  description:
    'Whether the answer comes with an explanation: what speaks for it and what against it, as numbers and as a picture. For one picture at a time',
};

/** What the parameters say; the last of several. @throws RiceError REQUEST_INVALID for anything else */
export function explainOf(parameters: readonly (readonly [name: string, value: string])[]): boolean | undefined {
  const said = parameters.filter(([name]) => name === 'explain').map(([, value]) => parse(value));
  return said.at(-1);
}

function parse(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new RiceError('REQUEST_INVALID', `explain: expected true or false, got ${JSON.stringify(text.slice(0, 100))}`, {
    suggestions: ['Leave it out for an answer without an explanation.'],
  });
}

/** @throws RiceError REQUEST_INVALID where several pictures are to be explained at once */
export function requireOnePicture(pictures: number): void {
  if (pictures === 1) return;
  throw new RiceError('REQUEST_INVALID', `explain: it takes one picture at a time, not ${pictures}`, {
    suggestions: ['Send one picture, or leave explain out.'],
  });
}
