/** What the numbers of a picture mean, as code points of ITU-T H.273. */
export interface Color {
  primaries: number;
  transfer: number;
  matrix: number;
  /** All numbers that the depth has, rather than those of video. */
  fullRange: boolean;
}

const PQ = 16;
const HLG = 18;

/** A remark on pictures whose brightness is that of another kind of screen, and is taken as it is. */
export function remarkOnTransfer(transfer: number | undefined): string[] {
  if (transfer !== PQ && transfer !== HLG) return [];
  return [`HDR picture (${transfer === PQ ? 'PQ' : 'HLG'}): its brightness was taken as it is`];
}
