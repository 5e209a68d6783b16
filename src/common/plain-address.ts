/** A URL for people and records: without user, password and query, which may contain a signature. */
export function plainAddress(address: URL | string): string {
  const {protocol, host, pathname} = new URL(address);
  return `${protocol}//${host}${pathname}`;
}
