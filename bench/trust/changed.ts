import type {RobustnessRow} from '../../src/evaluation/robustness/tally.ts';

/** The rows of `measureRobustness`, grouped into mild changes and changes of the background. */
export interface ChangedFigures {
  rows: readonly RobustnessRow[];
  /** The mild change and the background with the lowest accuracy. */
  worstMild: RobustnessRow;
  worstBackground: RobustnessRow;
  /** Mean accepted share over the mild changes. */
  acceptedMild: number;
}

/** Changes that also place the grain on another background. */
const ON_A_TABLE = ['uneven-light', 'shadow'];

export function groupChanges(rows: readonly RobustnessRow[]): ChangedFigures {
  const backgrounds = rows.filter(({change}) => change.startsWith('background-') || ON_A_TABLE.includes(change));
  const mild = rows.filter((row) => row.change !== 'none' && !backgrounds.includes(row));
  const shares = mild.map(acceptedShare);
  return {
    rows,
    worstMild: worstOf(mild),
    worstBackground: worstOf(backgrounds),
    acceptedMild: shares.reduce((sum, share) => sum + share, 0) / shares.length,
  };
}

export function acceptedShare({images, unknown}: RobustnessRow): number {
  return 1 - unknown / images;
}

function worstOf(rows: readonly RobustnessRow[]): RobustnessRow {
  return rows.reduce((worst, row) => (row.accuracy < worst.accuracy ? row : worst));
}
