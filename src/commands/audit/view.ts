import type {AuditEvents, AuditPhase} from '../../auditing/audit.ts';
import {formatPercent} from '../../cli/format.ts';
import {createProgress, type Progress} from '../../cli/progress.ts';
import type {WorkerMessage} from '../../training/worker/messages.ts';

const UNITS: Record<AuditPhase, string> = {
  hashing: 'files',
  measuring: 'pictures',
  looking: 'pictures',
  folds: 'folds',
  comparing: 'pictures',
  embedding: 'pictures',
};

/** Shows an audit: a bar for what is being done. */
export class AuditView implements AuditEvents {
  #bar: {label: string; progress: Progress} | undefined;
  readonly #quiet: boolean;
  readonly #warn: (text: string) => void;

  constructor(quiet: boolean, warn: (text: string) => void) {
    this.#quiet = quiet;
    this.#warn = warn;
  }

  onPhase(phase: AuditPhase, done: number, total: number): void {
    this.#show(phase, UNITS[phase], total).update(done);
  }

  onTraining(fold: number, message: WorkerMessage): void {
    if (message.type === 'started') this.#show(`fold ${fold}`, 'steps', message.steps).update(message.step);
    else if (message.type === 'step')
      this.#bar?.progress.update(message.step, [`accuracy ${formatPercent(message.accuracy)}`]);
  }

  onWarning(message: string): void {
    const warn = () => this.#warn(message);
    if (this.#bar) this.#bar.progress.around(warn);
    else warn();
  }

  close(): void {
    this.#bar?.progress.stop();
    this.#bar = undefined;
  }

  #show(label: string, unit: string, total: number): Progress {
    if (this.#bar?.label !== label) {
      this.close();
      this.#bar = {label, progress: createProgress({label, unit, total, quiet: this.#quiet})};
    }
    return this.#bar!.progress;
  }
}
