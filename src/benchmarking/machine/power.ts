import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** Governors under which a core keeps the highest frequency that its temperature allows. */
const STEADY = ['performance'];

/**
 * What may change the speed of the processor while something is measured, as sentences; nothing where the system does not tell.
 *
 * @param sys where Linux describes its devices
 */
export function powerWarnings(sys = '/sys'): string[] {
  const governor = read(join(sys, 'devices/system/cpu/cpu0/cpufreq/scaling_governor'));
  const unsteady = governor !== undefined && !STEADY.includes(governor);
  return [
    ...(onBattery(sys) ? ['the machine runs on its battery, which may slow the processor down'] : []),
    ...(unsteady ? [`the frequency of the processor varies (its governor is ${governor}), and figures with it`] : []),
  ];
}

/** Whether there is a power supply from outside, and none of these is plugged in. */
function onBattery(sys: string): boolean {
  const supplies = join(sys, 'class/power_supply');
  const mains = namesIn(supplies).filter((name) => ['Mains', 'USB'].includes(read(join(supplies, name, 'type')) ?? ''));
  const plugged = mains.flatMap((name) => read(join(supplies, name, 'online')) ?? []);
  return plugged.length > 0 && plugged.every((online) => online === '0');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
