/**
 * Keeps onnxruntime from what it does on Linux from 1.30 on unless it is told otherwise: it keeps a device id and a database
 * in the user's cache folder and a log in `/tmp`, and reports to its maker over the network.
 *
 * It looks once, when it is loaded, at the environment of the process, which worker threads cannot change: so this must be
 * called in the main thread before anything loads it. Who sets the variable has the last word.
 */
export function forbidTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
}
