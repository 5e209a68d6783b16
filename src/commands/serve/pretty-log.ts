import {prettyFactory} from 'pino-pretty';
import {formatAmount} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';

/** pino's levels of the severities in the log. */
const LEVELS: Record<string, number> = {DEBUG: 20, INFO: 30, WARNING: 40, ERROR: 50, CRITICAL: 60};

interface LogEntry {
  severity: string;
  message: string;
  images?: number;
  httpRequest?: {latency: string; remoteIp: string};
}

/** Makes lines for people of the server's log, whose lines are JSON: time, level, what happened, how long it took. */
export function prettyLog(color: boolean): (line: string) => string {
  const pretty = prettyFactory({
    colorize: color,
    colorizeObjects: color,
    messageKey: 'message',
    translateTime: 'SYS:HH:MM:ss',
    include: 'time,level,err',
  });
  return (line) => {
    // What clients and models send could control the terminal.
    const {severity, ...entry} = JSON.parse(line, (_, value) =>
      typeof value === 'string' ? safe(value) : value,
    ) as LogEntry;
    return pretty({...entry, level: LEVELS[severity] ?? 30, message: describe(entry)});
  };
}

function describe({message, images, httpRequest}: Omit<LogEntry, 'severity'>): string {
  if (httpRequest === undefined) return message;
  const milliseconds = Math.round(Number.parseFloat(httpRequest.latency) * 1000);
  const pictures = images === undefined ? '' : `, ${formatAmount(images, 'picture')}`;
  return `${message} in ${milliseconds} ms${pictures} (${httpRequest.remoteIp})`;
}

/** Stacks keep their lines. */
function safe(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
