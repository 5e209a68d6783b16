import type {ReviewData} from '../review-item.ts';

/** What somebody decided about a picture. */
export type Decision = {action: 'relabel'; label: string} | {action: 'keep'} | {action: 'exclude'};

/** Decisions one after the other; the last one about a picture counts. */
type Log = {path: string; decision: Decision}[];

/**
 * Decisions, kept in the browser under the digest of what was audited: reloading the page, or making it again, loses none.
 */
export class Decisions {
  readonly #key: string;
  #log: Log;
  /** Whether the browser keeps them. */
  kept = true;

  constructor({key, labels}: ReviewData) {
    this.#key = `rice-audit:${key}`;
    this.#log = this.#read(labels);
    this.#write();
  }

  of(path: string): Decision | undefined {
    return this.#log.filter((each) => each.path === path).pop()?.decision;
  }

  get canUndo(): boolean {
    return this.#log.length > 0;
  }

  set(path: string, decision: Decision): void {
    this.#log.push({path, decision});
    this.#write();
  }

  /** @returns the path whose last decision was taken back */
  undo(): string | undefined {
    const last = this.#log.pop();
    this.#write();
    return last?.path;
  }

  /** What was kept, without what makes no sense here: anybody could have written it. */
  #read(labels: readonly string[]): Log {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.#key) ?? '[]');
      if (!Array.isArray(kept)) return [];
      return (kept as Partial<Log[number]>[]).flatMap((each) => {
        const decision = each?.decision;
        const known =
          decision?.action === 'keep' ||
          decision?.action === 'exclude' ||
          (decision?.action === 'relabel' && labels.includes(decision.label));
        return typeof each?.path === 'string' && decision && known ? [{path: each.path, decision}] : [];
      });
    } catch {
      return [];
    }
  }

  #write(): void {
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.#log));
    } catch {
      this.kept = false;
    }
  }
}
