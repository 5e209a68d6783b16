/** What the page's script knows: this file imports nothing, for browsers and Node check it alike. */

/** A picture that somebody should look at. */
export interface ReviewItem {
  path: string;
  /** The label that it counts as now. */
  label: string;
  /** The label that it probably should have, where there is such a one. */
  suggested?: string;
  /** What the file of corrections says of the label that it had: empty if an earlier file left that open. */
  given: string;
  /** For people: why it is here. */
  reasons: string[];
}

/** A line of a file of corrections. */
export interface CorrectionRow {
  path: string;
  label: string;
  action: 'relabel' | 'exclude' | 'keep';
  given: string;
}

export interface ReviewData {
  /** Of what was audited: decisions are kept under it. */
  key: string;
  labels: readonly string[];
  /** The labels of which the page has typical pictures, in its order. */
  typical: readonly string[];
  items: readonly ReviewItem[];
  /** What was corrected before, so that the file that is saved has everything. */
  earlier: readonly CorrectionRow[];
}
