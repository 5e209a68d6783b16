import {createInterface} from 'node:readline';

/** Whether there is a terminal to ask somebody at. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks on stderr and waits for a line; only `y` and `yes` mean yes. */
export function confirm(question: string): Promise<boolean> {
  // The terminal stays in its own mode, in which Ctrl-C is a signal.
  const reader = createInterface({input: process.stdin, output: process.stderr, terminal: false});
  return new Promise((resolve) => {
    reader.once('close', () => resolve(false));
    reader.question(`${question} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      reader.close();
    });
  });
}
