/** Names of parameters whose values give access: tokens, signatures, keys. */
const SECRET_NAME = /token|secret|sig|key|pass|pwd|auth|cred|session|jwt|otp|code/i;

/** Values that look like a secret whatever their name: long, without blanks and dots. */
const SECRET_VALUE = /^[\w~+/=%-]{16,}$/;

const PARAMETER = /([?&;#])([^=&;#]*)=([^&;#]*)/g;

/**
 * A URL as it may be printed and stored: without user and password, and without the values of parameters that look secret.
 * Unlike `plainAddress`, it still tells pictures of one server apart. The URL may be invalid.
 */
export function shownAddress(address: string): string {
  return address
    .replace(/^([a-z][a-z\d+.-]*:\/*)[^/?#]*@/i, '$1')
    .replace(PARAMETER, (whole, separator, name, value) =>
      value !== '' && (SECRET_NAME.test(name) || SECRET_VALUE.test(value)) ? `${separator}${name}=***` : whole,
    );
}
