import {type DestinationStream, type Logger, pino} from 'pino';
import type {LogLevel} from './settings.ts';

/** The names that Cloud Logging has for what pino calls levels. */
const SEVERITIES: Record<string, string> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/** A line of JSON for each thing that happens, in the form that Cloud Run and most collectors of logs understand. */
export function createLog(level: LogLevel, destination: DestinationStream): Logger {
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
