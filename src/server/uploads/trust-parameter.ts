import {RiceError} from '../../common/errors.ts';
import {DEFAULT_TRUST, TRUSTS, type Trust} from '../../model/trust.ts';

/** How a request may say when an answer is accepted: a schema. */
export const TRUST_PARAMETER = {
  type: 'string',
  enum: TRUSTS,
  description: `When to accept an answer: same-camera for pictures like those that the model was trained on, ${DEFAULT_TRUST} for everybody's; where the server was not started with another, ${DEFAULT_TRUST}`,
};

/** @throws RiceError REQUEST_INVALID for one that does not exist */
export function parseTrust(text: string): Trust {
  const trust = TRUSTS.find((each) => each === text);
  if (trust !== undefined) return trust;
  throw new RiceError(
    'REQUEST_INVALID',
    `trust: expected one of ${TRUSTS.join(', ')}, got ${JSON.stringify(text.slice(0, 100))}`,
    {suggestions: ['Leave it out for what the server was started with.']},
  );
}
