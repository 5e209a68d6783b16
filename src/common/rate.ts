/** How many a second; 0 where no time has passed, as on a clock that stands or was set back. */
export function perSecond(count: number, milliseconds: number): number {
  return milliseconds > 0 ? (count * 1000) / milliseconds : 0;
}
