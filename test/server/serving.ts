import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {type Running, type RunOptions, startRice, temporaryFolder} from '../cli/rice.ts';
import {grainJpeg, writeColorModel} from '../commands/pictures.ts';

export interface Serving extends Running {
  url: string;
  /** Its log output. */
  log(): Record<string, unknown>[];
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts servers as a user would, with a model that distinguishes red and blue; stops them after the tests. */
export function servers() {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);
  const running: Serving[] = [];
  before(() => writeColorModel(at('color.onnx')));
  after(async () => {
    await Promise.all(running.map((server) => server.stop()));
  });
  return {
    at,
    jpegs: {Red: grainJpeg('Red'), Blue: grainJpeg('Blue'), Grey: grainJpeg('Grey')},
    async start(args: string[] = [], {env = {}}: RunOptions = {}): Promise<Serving> {
      const port = env.PORT === undefined && !args.includes('--port') ? ['--port', '0'] : [];
      const started = startRice(['serve', ...port, ...args], {
        cwd: folder(),
        env: {RICE_MODEL: at('color.onnx'), RICE_THREADS: '1', ...env},
      });
      await started.wrote(/ listens at \S+ .*\n/);
      const [, url] = / listens at (\S+) /.exec(started.outcome.stdout)!;
      const server: Serving = {
        ...started,
        url: url.replace('0.0.0.0', '127.0.0.1'),
        log: () => linesOf(started.outcome.stderr),
        stop: async (signal = 'SIGTERM') => {
          if (started.child.exitCode === null) started.child.kill(signal);
          return (await started.ended).code;
        },
      };
      running.push(server);
      return server;
    },
  };
}

/** Waits until a condition holds. It looks 20 times a second: asked more often, the metrics are not fresh each time. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(50);
}

/** A form with files: name -> content. */
export function formOf(files: Record<string, Uint8Array | string>, field = 'file'): FormData {
  const form = new FormData();
  for (const [name, content] of Object.entries(files))
    form.append(field, new Blob([content as Uint8Array<ArrayBuffer>]), name);
  return form;
}

/** Sends a picture as the body itself. */
export function postPicture(url: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: body as Uint8Array<ArrayBuffer>,
    headers: {'content-type': 'image/jpeg', ...headers},
  });
}

/** The value of a metric in `/metrics`, with its labels as in the text; 0 if it is missing. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}
