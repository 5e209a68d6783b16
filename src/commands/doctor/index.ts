import {BaseCommand} from '../../cli/base-command.ts';
import {displayPath} from '../../cli/display-path.ts';
import {EXIT} from '../../cli/exit-codes.ts';
import {classifierOptions, sharedFlags} from '../../cli/flags.ts';
import {formatBytes} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {isUtf8} from '../../cli/style.ts';
import {RiceError} from '../../common/errors.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {folderSize} from '../../common/files/folder-size.ts';
import {packageRoot, packageVersion} from '../../common/package-root.ts';
import {accelerators, type Device} from '../../model/devices.ts';
import {otherPlatforms, runtimeVersion} from '../../model/other-platforms.ts';
import type {Check, CheckState} from './check.ts';
import {checkAccelerator} from './devices.ts';
import {readCache, readMemory, readThreads} from './machine.ts';
import {unsupportedSince} from './node-support.ts';
import {type ProbeAnswer, probeDevice} from './probe-device.ts';

/** Milliseconds after which a device counts as one that does not answer. */
const PATIENCE = 30_000;

type Accelerator = Exclude<Device, 'cpu'>;

export default class Doctor extends BaseCommand<typeof Doctor> {
  static override summary = 'show what works here, and what to do about the rest';
  static override description =
    `Answers a picture with the model on each device, each in a process of its own and for at most half a minute, and looks at Node, the JPEG decoder, memory, the cache and the configuration. The exit code is 0 where rice can predict with the settings of this folder, and 1 where something is broken. Its output belongs into a bug report.`;
  static override examples = [
    {description: 'What works here', command: '<%= config.bin %> doctor'},
    {
      description: 'Whether a model of your own works',
      command: '<%= config.bin %> doctor --model runs/mine/model.onnx',
    },
    {description: 'For scripts', command: '<%= config.bin %> doctor --json'},
  ];

  static override flags = {...sharedFlags};

  #broken: RiceError | undefined;

  /** A configuration that cannot be read is one of the things to tell. */
  override async init(): Promise<void> {
    try {
      await super.init();
    } catch (error) {
      if (!(error instanceof RiceError) || error.code !== 'CONFIG_INVALID') throw error;
      this.#broken = error;
      await this.readSettings([], {});
    }
  }

  async run() {
    const answers = await this.#probe();
    const memory = readMemory();
    const cache = readCache(cacheFolder());
    const checks = [
      this.#node(),
      this.#prediction(answers.get('cpu')!),
      decoderCheck(answers.get('cpu')!),
      ...this.#accelerators(answers),
      {
        name: 'threads',
        state: 'ok' as const,
        message: `${this.flags.threads ?? readThreads()} of ${readThreads()} cores`,
      },
      memoryCheck(memory),
      cacheCheck(cache),
      this.#configuration(),
      ...sizeCheck(),
    ];
    const healthy = checks.every(({state}) => state !== 'problem');
    this.#show(checks, healthy);
    if (!healthy) this.exitWith(EXIT.partial);
    return {
      healthy,
      rice: packageVersion(),
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      package: packageRoot(),
      onnxruntime: runtimeVersion() ?? null,
      checks,
      devices: [...answers].map(([device, answer]) => ({device, works: answer.works, ...secondsOf(answer)})),
      model: modelOf(answers),
      decoder: answers.get('cpu')?.decoder ?? null,
      threads: this.flags.threads ?? readThreads(),
      memory: {total: memory.total, available: memory.available},
      cache: {folder: cache.folder, bytes: cache.bytes, writable: cache.writable, free: cache.free ?? null},
      files: this.configFiles.map(({path, scope}) => ({path, scope})),
    };
  }

  /** All at once: each waits for its driver most of the time. */
  async #probe(): Promise<Map<Device, ProbeAnswer>> {
    const {device} = this.flags;
    const others = accelerators();
    const devices: Device[] = ['cpu', ...others];
    if (device !== 'auto' && !devices.includes(device)) devices.push(device);
    const options = classifierOptions(this.flags);
    const answers = devices.map(async (each): Promise<[Device, ProbeAnswer]> => {
      return [each, await probeDevice({...options, device: each}, PATIENCE)];
    });
    return new Map(await Promise.all(answers));
  }

  #node(): Check {
    const message = `${process.version} on ${process.platform}-${process.arch}`;
    const since = unsupportedSince(process.versions.node, new Date().toISOString().slice(0, 10));
    if (since === undefined) return {name: 'node', state: 'ok', message};
    return {
      name: 'node',
      state: 'warning',
      message: `${message}, without security fixes since ${since}`,
      advice: 'Install the Node that nodejs.org calls LTS.',
    };
  }

  #prediction(answer: ProbeAnswer): Check {
    if (answer.works) {
      const {name, version, labels} = answer.model;
      const how = `answers on the CPU in ${answer.seconds.toFixed(2)} s, with onnxruntime ${runtimeVersion()}`;
      return {name: 'model', state: 'ok', message: `${name} ${version}, ${labels.length} labels, ${how}`};
    }
    return {name: 'model', state: 'problem', message: answer.reason, ...adviceOf(answer.suggestions)};
  }

  /** Without a model nothing can be said about devices. */
  #accelerators(answers: Map<Device, ProbeAnswer>): Check[] {
    if (!answers.get('cpu')?.works) return [];
    return [...answers]
      .filter((entry): entry is [Accelerator, ProbeAnswer] => entry[0] !== 'cpu')
      .map(([device, answer]) => checkAccelerator(device, answer, this.flags.device === device));
  }

  #configuration(): Check {
    const name = 'configuration';
    if (this.#broken)
      return {name, state: 'problem', message: this.#broken.message, ...adviceOf(this.#broken.suggestions)};
    const files = this.configFiles.map(({path}) => displayPath(path));
    return {name, state: 'ok', message: files.length > 0 ? files.join(', ') : 'no file'};
  }

  #show(checks: Check[], healthy: boolean): void {
    const {style} = this;
    const marks: Record<CheckState, string> = isUtf8()
      ? {ok: style.green('✓'), absent: style.dim('-'), warning: style.yellow('!'), problem: style.red('✗')}
      : {ok: 'ok  ', absent: '-   ', warning: 'warn', problem: 'FAIL'};
    const indent = isUtf8() ? 2 : 5;
    const width = Math.max(...checks.map(({name}) => name.length));
    this.log(`rice ${packageVersion()} in ${printable(displayPath(packageRoot()))}`);
    for (const {name, state, message: told, advice} of checks) {
      const message = printable(told);
      this.log(`${marks[state]} ${name.padEnd(width)}  ${state === 'absent' ? style.dim(message) : message}`);
      if (advice) this.log(`${' '.repeat(indent + width + 2)}${style.cyan('Try:')} ${printable(advice)}`);
    }
    this.log(healthy ? '\nrice can predict here.' : `\n${style.red.bold('Something is broken.')}`);
  }
}

function decoderCheck({decoder}: ProbeAnswer): Check {
  const name = 'decoder';
  if (decoder === 'libjpeg-turbo') return {name, state: 'ok', message: 'libjpeg-turbo for JPEG'};
  if (decoder === undefined) return {name, state: 'absent', message: 'unknown'};
  return {
    name,
    state: 'warning',
    message: 'the portable decoder for JPEG, which is slower: libjpeg-turbo is not installed',
    advice: 'Install rice again without --omit=optional, on a system for which @julusian/jpeg-turbo has a binary.',
  };
}

function memoryCheck({total, available, little}: ReturnType<typeof readMemory>): Check {
  const message = `${formatBytes(available)} of ${formatBytes(total)} available`;
  if (!little) return {name: 'memory', state: 'ok', message};
  return {
    name: 'memory',
    state: 'warning',
    message,
    advice: 'End other programs; rice takes less with fewer --threads.',
  };
}

function cacheCheck({folder, bytes, free, writable, little}: ReturnType<typeof readCache>): Check {
  const room = free === undefined ? '' : `, ${formatBytes(free)} free`;
  const message = `${formatBytes(bytes)} in ${displayPath(folder)}${room}`;
  const warning = (text: string, advice: string): Check => ({name: 'cache', state: 'warning', message: text, advice});
  if (!writable) return warning(`${message}, not writable`, 'Name another folder in RICE_CACHE_DIR.');
  if (little) return warning(message, 'Free some space; rice clean removes what can be made again.');
  return {name: 'cache', state: 'ok', message};
}

/** Said only where there is something to gain. */
function sizeCheck(): Check[] {
  const bytes = otherPlatforms().reduce((sum, folder) => sum + folderSize(folder).bytes, 0);
  if (bytes === 0) return [];
  const message = `${formatBytes(bytes)} of the package are for other systems; rice clean --other-platforms removes them`;
  return [{name: 'size', state: 'ok', message}];
}

function adviceOf(suggestions: string[]): {advice?: string} {
  return suggestions.length > 0 ? {advice: suggestions[0]} : {};
}

function secondsOf(answer: ProbeAnswer): {seconds: number | null; reason: string | null} {
  return answer.works ? {seconds: answer.seconds, reason: null} : {seconds: null, reason: answer.reason};
}

function modelOf(answers: Map<Device, ProbeAnswer>) {
  const answer = answers.get('cpu');
  return answer?.works ? answer.model : null;
}
