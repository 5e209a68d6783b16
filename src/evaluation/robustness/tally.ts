import {type Interval, wilsonInterval} from '../metrics.ts';
import type {Change} from './change.ts';
import type {ChangedAnswers} from './robustness-worker.ts';

/** How a model does on the same pictures under one change. */
export interface RobustnessRow {
  /** The change's name, `none` for the pictures as they are. */
  change: string;
  /** The same for people. */
  title: string;
  images: number;
  /** Share of right answers, and the interval that holds the true share with 95 %. */
  accuracy: number;
  interval: Interval;
  /** Answers of which the model itself says that they are probably none of its labels. They count as answers. */
  unknown: number;
  /** `null` where there is no picture of a label. */
  perClass: Record<string, {recall: number | null}>;
  /** The label that fares worst, the first of several; `null` where nothing was measured. */
  worst: {label: string; recall: number} | null;
}

/** Counts the answers under every change. */
export class RobustnessTally {
  readonly #changes: readonly Change[];
  readonly #labels: readonly string[];
  /** Pictures of each label. */
  readonly #support: number[];
  /** [change][label] */
  readonly #hits: number[][];
  readonly #unknown: number[];

  constructor(changes: readonly Change[], labels: readonly string[]) {
    this.#changes = changes;
    this.#labels = labels;
    this.#support = labels.map(() => 0);
    this.#hits = changes.map(() => labels.map(() => 0));
    this.#unknown = changes.map(() => 0);
  }

  /** @param truth index of the true label */
  add(truth: number, {predicted, known}: ChangedAnswers): void {
    this.#support[truth] += 1;
    for (let change = 0; change < predicted.length; change++) {
      if (predicted[change] === truth) this.#hits[change][truth] += 1;
      if (!known[change]) this.#unknown[change] += 1;
    }
  }

  rows(): RobustnessRow[] {
    const images = this.#support.reduce((total, count) => total + count, 0);
    return this.#changes.map(({name, title}, change) => {
      const hits = this.#hits[change];
      const right = hits.reduce((total, count) => total + count, 0);
      const recalls = this.#labels.map((_, i) => (this.#support[i] === 0 ? null : hits[i] / this.#support[i]));
      return {
        change: name,
        title,
        images,
        accuracy: images === 0 ? 0 : right / images,
        interval: wilsonInterval(right, images),
        unknown: this.#unknown[change],
        perClass: Object.fromEntries(this.#labels.map((label, i) => [label, {recall: recalls[i]}])),
        worst: worstOf(this.#labels, recalls),
      };
    });
  }
}

function worstOf(labels: readonly string[], recalls: readonly (number | null)[]): RobustnessRow['worst'] {
  let worst: RobustnessRow['worst'] = null;
  recalls.forEach((recall, i) => {
    if (recall !== null && (worst === null || recall < worst.recall)) worst = {label: labels[i], recall};
  });
  return worst;
}
