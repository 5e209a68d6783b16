import {RiceError} from '../../common/errors.ts';
import type {Trust} from '../../model/trust.ts';
import type {Answer} from '../../prediction/answer-batch.ts';
import {toEntry} from '../../prediction/entry.ts';
import type {Metrics} from '../metrics/metrics.ts';
import type {InputDrift} from './input-drift.ts';
import type {PredictionLog} from './prediction-log.ts';

/** The request that was answered. */
export interface SeenRequest {
  id: string;
  /** When answers were accepted. */
  trust: Trust;
}

/** Records answers in metrics and log, and inputs for drift detection. */
export class PredictionWatch {
  readonly #metrics: Metrics;
  readonly #drift: InputDrift;
  readonly #log: PredictionLog | undefined;

  constructor(metrics: Metrics, drift: InputDrift, log: PredictionLog | undefined) {
    this.#metrics = metrics;
    this.#drift = drift;
    this.#log = log;
  }

  /** @param names names of the pictures, as they were sent */
  see(answers: readonly Answer[], names: readonly string[], {id: requestId, trust}: SeenRequest): void {
    const {predictions, confidence, unknown, unusable} = this.#metrics;
    answers.forEach((answer, i) => {
      this.#log?.write({time: new Date().toISOString(), requestId, trust, ...toEntry(names[i], answer, {})});
      if (answer instanceof RiceError) {
        unusable.inc({code: answer.code});
        return;
      }
      predictions.inc({label: answer.label});
      confidence.observe(answer.confidence);
      if (answer.reason) unknown.inc({reason: answer.reason});
      if (answer.window && answer.window.area > 0 && answer.reason !== 'no grain') this.#drift.add(answer.window);
    });
  }
}
