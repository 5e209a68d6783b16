import {type DestinationStream, type Logger, pino} from 'pino';
import type {LogLevel} from './settings.ts';

/** Cloud Logging's severities for pino's levels. */
const SEVERITIES: Record<string, string> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/** Writes a line of JSON in another form. */
export type LogFormat = (line: string) => string;

/**
 * Logs one line per event: of JSON, in the format that Cloud Run and most log collectors understand, unless a format makes
 * something else of it.
 */
export function createLog(level: LogLevel, stream: DestinationStream, format?: LogFormat): Logger {
  const destination = format === undefined ? stream : {write: (line: string) => stream.write(format(line))};
  return pino(
    {
      level,
      messageKey: 'message',
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: {level: (label) => ({severity: SEVERITIES[label]})},
    },
    destination,
  );
}
