import {readFileSync} from 'node:fs';

/**
 * The most bytes that this process had in memory at once. On Linux from its own memory map: what `getrusage` says there begins
 * with the memory of the process that started this one.
 */
export function peakMemory(): number {
  const kilobytes = process.platform === 'linux' ? highWaterMark() : undefined;
  return (kilobytes ?? process.resourceUsage().maxRSS) * 1024;
}

function highWaterMark(): number | undefined {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return line ? Number(line[1]) : undefined;
  } catch {
    return undefined;
  }
}
