import {type Interval, wilsonInterval} from '../../common/wilson-interval.ts';
import type {Change} from './change.ts';
import type {ChangedAnswers} from './robustness-worker.ts';

/** The results of a model on the same pictures with one change. */
export interface RobustnessRow {
  /** The name of the change; `none` for unchanged pictures. */
  change: string;
  /** The change for people. */
  title: string;
  images: number;
  /** Share of right answers, and its 95 % confidence interval. */
  accuracy: number;
  interval: Interval;
  /** Number of "unknown" answers: the picture is probably none of the labels. They count as answers. */
  unknown: number;
  /** `null` if there is no picture of the label. */
  perClass: Record<string, {recall: number | null}>;
  /** The label with the lowest recall, the first of equal ones; `null` without pictures. */
  worst: {label: string; recall: number} | null;
}

/** Counts the answers for each change. */
export class RobustnessTally {
  readonly #changes: readonly Change[];
  readonly #labels: readonly string[];
  /** Number of pictures of each label. */
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

/** The worst label of a row, unless all labels are as good: then none is the worst one. */
export function distinctWorst({perClass, worst}: Pick<RobustnessRow, 'perClass' | 'worst'>): RobustnessRow['worst'] {
  const recalls = Object.values(perClass).flatMap(({recall}) => (recall === null ? [] : [recall]));
  return worst !== null && recalls.some((recall) => recall > worst.recall) ? worst : null;
}

function worstOf(labels: readonly string[], recalls: readonly (number | null)[]): RobustnessRow['worst'] {
  let worst: RobustnessRow['worst'] = null;
  recalls.forEach((recall, i) => {
    if (recall !== null && (worst === null || recall < worst.recall)) worst = {label: labels[i], recall};
  });
  return worst;
}
