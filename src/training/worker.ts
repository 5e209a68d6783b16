/**
 * The training process: `node worker.js ARTIFACT`. Started by `rice train`, or by hand on any machine with the artifact's
 * folder and this package. Reports over IPC to a parent, otherwise as JSON lines on stdout.
 */
import {RiceError} from '../common/errors.ts';
import {lockFolder} from './artifact/lock.ts';
import type {WorkerMessage, WorkerRequest} from './worker/messages.ts';
import {Trainer} from './worker/trainer.ts';

const HELP = `usage: node worker.js ARTIFACT

Trains from the artifact's last checkpoint on and prints each event as a JSON line.
SIGINT or SIGTERM writes a checkpoint and ends; start it again to continue.
`;

await main(process.argv[2]);

async function main(folder: string | undefined): Promise<void> {
  if (folder === undefined || folder.startsWith('-')) {
    process.stderr.write(HELP);
    process.exitCode = folder === '--help' ? 0 : 2;
    return;
  }
  try {
    const release = lockFolder(folder);
    try {
      const trainer = new Trainer(folder, report);
      stopOnRequest(trainer);
      await trainer.run();
    } finally {
      release();
    }
  } catch (error) {
    const known =
      error instanceof RiceError ? error : new RiceError('INTERNAL', String((error as Error).stack), {cause: error});
    report({type: 'failed', error: known.toJSON()});
    process.exitCode = 2;
  } finally {
    if (process.connected) process.disconnect();
  }
}

function report(message: WorkerMessage): void {
  if (process.send) {
    // If the parent was killed, the message is lost; the closed channel stops the training.
    if (process.connected) process.send(message, undefined, undefined, () => {});
  } else process.stdout.write(`${JSON.stringify(message)}\n`);
}

function stopOnRequest(trainer: Trainer): void {
  const stop = () => trainer.stop();
  process.on('SIGTERM', stop);
  if (process.send) {
    // Ctrl-C reaches the whole process group; the parent decides what to do.
    process.on('SIGINT', () => {});
    process.on('message', (request: WorkerRequest) => request.type === 'stop' && stop());
    process.on('disconnect', stop);
  } else process.on('SIGINT', stop);
}
