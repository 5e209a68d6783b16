/**
 * Turns off onnxruntime's telemetry. On Linux, version 1.30 and later otherwise write a device id and a database into the
 * user's cache folder and a log into `/tmp`, and report to the vendor over the network.
 *
 * onnxruntime reads the environment once, when it is loaded, and worker threads cannot change the environment of the
 * process. So call this in the main thread before anything loads onnxruntime. A value set by the user is kept.
 */
export function forbidTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
}
