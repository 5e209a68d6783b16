import {Flags} from '@oclif/core';
import {integerFlag, numberFlag, pathFlag, withEffectiveDefault} from '../../cli/flags.ts';
import {RiceError} from '../../common/errors.ts';
import {parseBasePath} from '../../server/http/base-path.ts';
import {LOG_LEVELS, SERVER_DEFAULTS} from '../../server/settings.ts';
import {listeningAddress} from './address.ts';

const UNITS: Record<string, number> = {'': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30};

/** A flag for a number of bytes: `1000`, `500kB`, `32MB`; units are powers of 1024. */
const bytesFlag = Flags.custom<number>({
  helpValue: 'SIZE',
  async parse(input) {
    const [, number, unit] = /^(\d+)\s*([kmg]?)(?:i?b)?$/i.exec(input) ?? [];
    if (number === undefined) throw new RiceError('USAGE', `expected a size such as 32MB, got "${input}"`);
    const bytes = Number(number) * UNITS[unit.toLowerCase()];
    if (bytes < 1 || bytes > MAX_BYTES)
      throw new RiceError('OUT_OF_RANGE', `${input} is out of range: it must be between 1 byte and 1GB`);
    return bytes;
  },
});

const MAX_BYTES = 2 ** 30;

const originFlag = Flags.custom<string>({
  helpValue: 'ORIGIN',
  async parse(input) {
    if (input === '*') return input;
    const origin = URL.canParse(input) ? new URL(input).origin : 'null';
    if (origin !== input)
      throw new RiceError('USAGE', `expected an origin such as https://example.org, got "${input}"`);
    return origin;
  },
});

/** The log of predictions, where the flags do not say otherwise. */
export const PREDICTION_LOG = {maxBytes: 64 * 2 ** 20, files: 5};

/** Where it listens without flags; nothing where PORT is no port, which only rice serve has to report. */
function defaultAddress(): Partial<ReturnType<typeof listeningAddress>> {
  try {
    return listeningAddress({host: undefined, port: undefined}, process.env);
  } catch {
    return {};
  }
}
const hostNameFlag = Flags.custom<string>({
  helpValue: 'NAME',
  async parse(input) {
    if (input === '*' || /^[\w-]+(\.[\w-]+)*$/.test(input)) return input.toLowerCase();
    throw new RiceError('USAGE', `expected a host name such as rice.example.org, without a port, got "${input}"`);
  },
});

const basePathFlag = Flags.custom<string>({
  helpValue: 'PATH',
  async parse(input) {
    const path = parseBasePath(input);
    if (path === undefined) throw new RiceError('USAGE', `expected a path such as /rice, got "${input}"`);
    return path;
  },
});

/** The flags of `rice serve`, without the shared ones. */
export const serveFlags = {
  host: withEffectiveDefault(
    Flags.string({
      description: 'address to listen on [default: HOST, else 0.0.0.0 if PORT is set, else 127.0.0.1]',
      helpValue: 'ADDRESS',
    }),
    () => defaultAddress().host,
  ),
  port: withEffectiveDefault(
    integerFlag({
      description: `port to listen on, 0 for any free one [default: PORT, else ${SERVER_DEFAULTS.port}]`,
      min: 0,
      max: 65_535,
    }),
    () => defaultAddress().port,
  ),
  concurrency: integerFlag({
    description: 'requests to process at the same time; more are answered with 503',
    default: SERVER_DEFAULTS.concurrency,
    min: 1,
    max: 10_000,
  }),
  'max-queue': integerFlag({
    description: 'pictures that may wait for a thread; requests beyond that are answered with 503',
    default: SERVER_DEFAULTS.maxQueue,
    min: 1,
    max: 100_000,
  }),
  'scan-threads': integerFlag({
    description:
      'threads that scan pictures of many grains, beside those that predict; 0 for a server that does not scan',
    default: SERVER_DEFAULTS.scanThreads,
    min: 0,
    max: 64,
  }),
  'scan-queue': integerFlag({
    description: 'scans that may wait for a thread; more are answered with 503',
    default: SERVER_DEFAULTS.scanQueue,
    min: 0,
    max: 10_000,
  }),
  'max-body': withEffectiveDefault(
    bytesFlag({description: 'largest request body [default: 32MB]'}),
    () => SERVER_DEFAULTS.maxBody,
  ),
  'max-files': integerFlag({
    description: 'largest number of files in one request',
    default: SERVER_DEFAULTS.maxFiles,
    min: 1,
    max: 10_000,
  }),
  timeout: numberFlag({
    description: 'seconds that a request may take, including its upload',
    default: SERVER_DEFAULTS.timeout,
    min: 0.1,
    max: 3600,
  }),
  'rate-limit': integerFlag({
    description: 'requests per minute and client, 0 for no limit; more are answered with 429',
    default: 0,
    min: 0,
  }),
  'trust-proxy': integerFlag({
    description: 'number of proxies in front whose X-Forwarded-For gives the client address (1 on Cloud Run)',
    default: 0,
    min: 0,
    max: 10,
  }),
  'allowed-host': hostNameFlag({
    description:
      'host name that requests may ask for, * for any; may be repeated [default: addresses and localhost if only this machine can reach the server and there is no key, else any]',
    multiple: true,
  }),
  'base-path': basePathFlag({
    description:
      'path under which a proxy shows the server, such as /rice, whether the proxy removes it or not [default: X-Forwarded-Prefix of each request, else none]',
  }),
  'cors-origin': originFlag({
    description: 'allow web pages of this origin to read answers (CORS), * for all; may be repeated [default: none]',
    multiple: true,
  }),
  'log-level': Flags.option({options: LOG_LEVELS})({
    description: 'lowest level to log on stderr',
    default: 'info',
  }),
  'log-format': Flags.option({options: ['auto', 'json', 'pretty'] as const})({
    description: 'lines of JSON, or lines for people; auto is pretty on a terminal and JSON elsewhere',
    default: 'auto',
  }),
  'log-predictions': pathFlag({
    description: 'append each prediction to a file as a line of JSON, without the picture',
    helpValue: 'FILE',
  }),
  'log-predictions-size': withEffectiveDefault(
    bytesFlag({
      description: 'rotate that file before it grows beyond this [default: 64MB]',
      dependsOn: ['log-predictions'],
    }),
    () => PREDICTION_LOG.maxBytes,
  ),
  'log-predictions-files': withEffectiveDefault(
    integerFlag({
      description: 'number of rotated files to keep [default: 5]',
      min: 0,
      max: 1000,
      dependsOn: ['log-predictions'],
    }),
    () => PREDICTION_LOG.files,
  ),
};
