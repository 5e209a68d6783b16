import {availableParallelism} from 'node:os';
import {BaseCommand} from '../../cli/base-command.ts';
import {EXIT} from '../../cli/exit-codes.ts';
import {classifierOptions, sharedFlags} from '../../cli/flags.ts';
import {printable} from '../../cli/printable.ts';
import {quit} from '../../cli/quit.ts';
import {onStop} from '../../cli/signals.ts';
import {isUtf8, usesColor} from '../../cli/style.ts';
import {packageVersion} from '../../common/package-root.ts';
import {SERVER_DEFAULTS, type ServerSettings} from '../../server/settings.ts';
import type {LogOutput} from '../../server/start-server.ts';
import {allowedHostsOf, apiKeyFrom, listeningAddress} from './address.ts';
import {PREDICTION_LOG, serveFlags} from './flags.ts';

/** Milliseconds after a signal at which the process ends in any case: hosting platforms kill it after ten seconds. */
const SHUTDOWN_DEADLINE = 8700;

export default class Serve extends BaseCommand<typeof Serve> {
  static override summary = 'serve predictions over HTTP, with a web page';
  static override description =
    `Serves the classifier: a page for dropping pictures at /, POST /predict and POST /scan for programs, the Open Inference Protocol under /v2, /livez, /readyz and /metrics for operators, and API documentation at /docs.
Pictures stay in memory and are never written to a disk or a log. Worker threads decode and classify them; waiting pictures are classified in batches.
Listens on 127.0.0.1 by default. The variables PORT and HOST of hosting platforms are respected: with PORT it listens on 0.0.0.0. With RICE_API_KEY, requests must send that key.
Ctrl-C or SIGTERM stops it: requests in progress are answered within 10 seconds, and the exit code is 0.`;
  static override examples = [
    {description: 'At http://127.0.0.1:8080', command: '<%= config.bin %> serve'},
    {
      description: 'For the whole network, with an API key',
      command: 'RICE_API_KEY=... <%= config.bin %> serve --host 0.0.0.0 --port 80',
    },
    {description: 'Send a picture', command: 'curl -F file=@grain.jpg http://127.0.0.1:8080'},
    {
      description: 'With your own model, and a log of the predictions',
      command: '<%= config.bin %> serve --model runs/mine/model.onnx --log-predictions predictions.ndjson',
    },
  ];

  static override flags = {...sharedFlags, ...serveFlags};

  async run() {
    const started = performance.now();
    const stopped = new Promise<void>((resolve) => {
      onStop(() => {
        setTimeout(() => quit(EXIT.success), SHUTDOWN_DEADLINE).unref();
        resolve();
      });
    });
    const {startServer} = await import('../../server/start-server.ts');
    const server = await startServer(this.#serverSettings(), await this.#logOutput());
    const {name, version} = server.model;
    this.log(printable(`rice ${packageVersion()} listens at ${server.url} with the model ${name} ${version}`));
    await this.#inviteOthers(server.url);
    try {
      await Promise.race([stopped, server.failed]);
    } finally {
      await server.close();
    }
    return {url: server.url, model: server.model, seconds: Math.round(performance.now() - started) / 1000};
  }

  async #logOutput(): Promise<LogOutput> {
    const {'log-format': format, 'no-color': noColor} = this.flags;
    const file = process.stderr.fd;
    if (format === 'json' || (format === 'auto' && !process.stderr.isTTY)) return {file};
    const {prettyLog} = await import('./pretty-log.ts');
    return {file, format: prettyLog(usesColor(process.stderr, noColor))};
  }

  /** Shows people at a terminal how others on the network, such as their phone, reach a server that listens to all. */
  async #inviteOthers(url: string): Promise<void> {
    if (!process.stdout.isTTY || this.flags.quiet) return;
    const {networkUrl, qrCode} = await import('./network.ts');
    const address = networkUrl(url);
    if (address === undefined) return;
    this.log(`On the network: ${address}`);
    if (isUtf8()) this.log(qrCode(address, this.style));
  }

  #serverSettings(): ServerSettings {
    const {flags} = this;
    const onWarning = (message: string) => this.warn(message);
    const address = {...listeningAddress(flags, process.env), ...apiKeyFrom(process.env)};
    return {
      ...address,
      ...(flags['base-path'] === undefined ? {} : {basePath: flags['base-path']}),
      ...allowedHostsOf(flags['allowed-host'], address),
      ...(process.env.GOOGLE_CLOUD_PROJECT ? {cloudProject: process.env.GOOGLE_CLOUD_PROJECT} : {}),
      load: {...classifierOptions(flags), onWarning},
      threads: flags.threads ?? availableParallelism(),
      concurrency: flags.concurrency,
      maxQueue: flags['max-queue'],
      scanThreads: flags['scan-threads'],
      scanQueue: flags['scan-queue'],
      maxBody: flags['max-body'] ?? SERVER_DEFAULTS.maxBody,
      maxFiles: flags['max-files'],
      timeout: flags.timeout,
      rateLimit: flags['rate-limit'],
      trustedProxies: flags['trust-proxy'],
      corsOrigins: flags['cors-origin'] ?? [],
      logLevel: flags.quiet && flags['log-level'] === 'info' ? 'warn' : flags['log-level'],
      ...this.#predictionLog(),
    };
  }

  #predictionLog(): Pick<ServerSettings, 'predictionLog'> {
    const {'log-predictions': path, 'log-predictions-size': size, 'log-predictions-files': files} = this.flags;
    if (path === undefined) return {};
    return {predictionLog: {path, maxBytes: size ?? PREDICTION_LOG.maxBytes, files: files ?? PREDICTION_LOG.files}};
  }
}
