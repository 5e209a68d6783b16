import type {TrainingEvents} from '../../training/train.ts';
import type {WorkerRequest} from '../../training/worker/messages.ts';

/**
 * Tells a parent that started this process with a channel (`fork` of `node:child_process`) what happens, and stops with a
 * checkpoint when it asks for that or is gone. Without such a parent it changes nothing.
 */
export function toldToParent(events: TrainingEvents, stop: () => void): TrainingEvents {
  if (!process.send) return events;
  process.on('message', (request: WorkerRequest) => request.type === 'stop' && stop());
  process.on('disconnect', stop);
  // Listening must not keep the process alive.
  process.channel?.unref();
  return {
    onPhase: (...phase) => events.onPhase(...phase),
    onDataset: (record) => events.onDataset(record),
    onWarning: (message) => events.onWarning(message),
    onNote: (message) => events.onNote?.(message),
    onMessage: (message) => {
      events.onMessage(message);
      if (process.connected) process.send!(message, undefined, undefined, () => {});
    },
  };
}
