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

/** Logs one JSON line per event, in the format that Cloud Run and most log collectors understand. */
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
