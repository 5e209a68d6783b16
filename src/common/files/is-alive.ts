import {readFileSync} from 'node:fs';

/** Whether a process is running on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** On Linux a killed process keeps its id until its parent waits for it, which may never happen in a container. */
function isZombie(pid: number): boolean {
  try {
    // The state follows the process name, which is in parentheses and may contain any character.
    return /^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
