/** An address for people and records: without user and password, and without its query, which may be signed. */
export function plainAddress(address: URL | string): string {
  const {protocol, host, pathname} = new URL(address);
  return `${protocol}//${host}${pathname}`;
}
