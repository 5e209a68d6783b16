/**
 * Checks a machine with a GPU: which devices work, whether training steps give the losses of the CPU, how fast they and whole
 * commands are, against the CPU and against PyTorch where there is one. scripts/gpu-check.sh starts it; docs/gpu.md explains it.
 */
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {writeAtomically} from '../../src/common/files/atomic-file.ts';
import {packageRoot} from '../../src/common/package-root.ts';
import type {Device} from '../../src/model/devices.ts';
import {NETWORKS} from '../../src/training/networks/index.ts';
import {describeMachine, librariesBesidePyTorch} from './machine.ts';
import {measureSteps, type StepsResult} from './measure-steps.ts';
import {writePictures} from './pictures.ts';
import {CLASSES, SMALL, type StepsPart, TOLERANCE, WHOLE} from './plan.ts';
import {type CommandRow, type Report, type TorchRow, toMarkdown} from './report.ts';
import {runCommand, runForked} from './run-part.ts';

const {values} = parseArgs({
  options: {
    part: {type: 'string'},
    out: {type: 'string', default: 'gpu-check'},
    seconds: {type: 'string', default: '345'},
    dataset: {type: 'string'},
  },
});

/** Seconds: no part is begun with less, and none may take more than its share of the rest. */
const LEAST = 4;
const CAPS = {doctor: 60, steps: 30, large: 60, torch: 45, train: 45, predict: 30};
/** For every part where the driver is software. */
const SMALL_CAP = 150;

/** What the CPU answered, by the order of the pictures. */
let cpuLabels: string[] | undefined;

if (values.part !== undefined) await runOwnPart(JSON.parse(values.part) as StepsPart);
else await checkAll();

async function runOwnPart(part: StepsPart): Promise<void> {
  try {
    await measureSteps(part, (result) => process.send?.(result));
  } catch (error) {
    const failed: StepsResult = {losses: [], error: (error as Error).message};
    process.send?.(failed);
  }
  process.disconnect?.();
}

async function checkAll(): Promise<void> {
  // A variable of this script is none of rice's settings.
  const {RICE_GPU_CHECK_SMALL: small, ...environment} = process.env;
  const plan = small === '1' ? SMALL : WHOLE;
  const deadline = performance.now() + Number(values.seconds) * 1000;
  const left = () => (deadline - performance.now()) / 1000;
  const out = resolve(values.out);
  mkdirSync(out, {recursive: true});
  const report: Report = {plan, tolerance: TOLERANCE, complete: false, steps: [], torch: [], commands: [], skipped: []};
  const save = () => {
    writeAtomically(join(out, 'gpu-check.json'), `${JSON.stringify(report, null, 1)}\n`);
    writeAtomically(join(out, 'gpu-check.md'), toMarkdown(report));
  };
  const scratch = mkdtempSync(join(tmpdir(), 'rice-gpu-check-'));
  const stop = () => {
    report.skipped.push('everything after the signal that ended it');
    save();
    rmSync(scratch, {recursive: true, force: true});
    process.exit(1);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);

  const python = process.env.PYTHON ?? 'python3';
  const env = await withLibraries(python, {...environment, RICE_CACHE_DIR: join(scratch, 'cache')});
  report.machine = await describeMachine(Math.min(CAPS.doctor, left() / 3), env);
  save();
  // One that is too slow for the doctor may still be measured.
  const gpus = report.machine.devices
    .filter(({device, works, reason}) => device !== 'cpu' && (works || /did not answer/.test(reason ?? '')))
    .map(({device}) => device as Device);
  if (gpus.length === 0)
    report.skipped.push('steps, training and predictions on a GPU: no device beside the CPU works');

  const parts = partsOf();
  for (const [i, {name, cap, run}] of parts.entries()) {
    // Twice the fair share: most parts take less, and one that hangs must not take all.
    const limit = Math.min(cap, left() - 2, Math.max(10, (2 * left()) / (parts.length - i)));
    if (limit < LEAST) report.skipped.push(`${name}: no time was left`);
    else {
      process.stderr.write(`${name} ... (${left().toFixed(0)} s left)\n`);
      await run(limit);
    }
    save();
  }
  report.complete = true;
  save();
  rmSync(scratch, {recursive: true, force: true});
  process.stdout.write(`${toMarkdown(report)}\n${join(out, 'gpu-check.md')}\n${join(out, 'gpu-check.json')}\n`);

  function partsOf() {
    const planned: {name: string; cap: number; run: (limit: number) => Promise<void>}[] = [];
    for (const network of plan.networks) {
      if (!(network in NETWORKS)) {
        report.skipped.push(`${network}: this version of rice has no such network`);
        continue;
      }
      for (const device of ['cpu', ...gpus] as Device[]) {
        const exactly = device === 'cuda' ? [true, false] : [false];
        for (const exact of exactly) planned.push(steps(network, device, exact));
      }
      if (gpus.length > 0 || small === '1') planned.push(torch(network));
    }
    planned.push({name: 'pictures', cap: CAPS.train, run: () => pictures()});
    for (const command of ['predict', 'train'] as const)
      for (const device of ['cpu', ...gpus] as Device[]) planned.push(wholeCommand(command, device));
    return planned;
  }

  function steps(network: string, device: Device, exact: boolean) {
    const {input, batchSize} = plan;
    const part: StepsPart = {network, device, input, batchSize, steps: plan.steps, timed: exact ? 0 : plan.timed};
    return {
      name: `steps of ${network} on ${device}${exact ? ' in full float32' : ''}`,
      cap: plan === SMALL ? SMALL_CAP : network.startsWith('resnet') ? CAPS.large : CAPS.steps,
      async run(limit: number) {
        const own = exact ? {...env, NVIDIA_TF32_OVERRIDE: '0'} : env;
        const ended = await runForked<StepsResult>(fileURLToPath(import.meta.url), part, limit, own);
        report.steps.push({part, exact, ...ended});
      },
    };
  }

  function torch(network: string) {
    return {
      name: `PyTorch with ${network}`,
      cap: CAPS.torch,
      async run(limit: number) {
        const {input, batchSize, timed} = plan;
        const script = join(packageRoot(), 'scripts', 'gpu_check_torch.py');
        const options = [network, batchSize, input.width, input.height, CLASSES, timed].map(String);
        const {stdout, ...ended} = await runCommand(python, [script, ...options], limit, environment);
        const found = ended.failure === undefined ? (JSON.parse(stdout) as Partial<TorchRow>) : {};
        report.torch.push({network, ...ended, ...found});
      },
    };
  }

  async function pictures(): Promise<void> {
    const [labeled, flat] = [join(scratch, 'labeled'), join(scratch, 'flat')];
    await writePictures(labeled, flat, plan.pictures, plan.copies);
  }

  function wholeCommand(command: 'train' | 'predict', device: Device) {
    return {
      name: `rice ${command} on ${device}`,
      cap: plan === SMALL ? SMALL_CAP : CAPS[command],
      async run(limit: number) {
        const labeled = values.dataset === undefined ? join(scratch, 'labeled') : resolve(values.dataset);
        const flat = values.dataset === undefined ? join(scratch, 'flat') : resolve(values.dataset);
        const run = join(scratch, `run-${device}`);
        const args =
          command === 'predict'
            ? ['predict', flat, '--recursive', '--json', '--device', device]
            : [
                'train',
                labeled,
                '--arch',
                'conv4',
                '--epochs',
                `${plan.epochs}`,
                '--json',
                '--device',
                device,
                '--out',
                run,
                '--batch-size',
                `${plan.trainedBatch}`,
              ];
        const {stdout, ...ended} = await runCommand(
          process.execPath,
          [join(packageRoot(), 'bin', 'run.js'), ...args, '--quiet'],
          limit,
          env,
        );
        report.commands.push({command, device, ...ended, ...readAnswer(command, device, stdout, run)});
      },
    };
  }

  function readAnswer(command: 'train' | 'predict', device: Device, stdout: string, run: string): Partial<CommandRow> {
    try {
      if (command === 'train') {
        const {best} = JSON.parse(stdout) as {best: {accuracy: number}};
        const {rates = []} = JSON.parse(readFileSync(join(run, 'artifact', 'progress.json'), 'utf8')) as {
          rates?: (number | null)[];
        };
        const last = rates.at(-1);
        return {accuracy: best.accuracy, ...(last != null && {imagesPerSecond: last})};
      }
      const {predictions, summary} = JSON.parse(stdout) as {
        predictions: {label: string}[];
        summary: {images: number; imagesPerSecond: number};
      };
      const labels = predictions.map(({label}) => label);
      if (device === 'cpu') cpuLabels = labels;
      const differing = labels.filter((label, i) => label !== cpuLabels?.[i]).length;
      return {
        pictures: summary.images,
        imagesPerSecond: summary.imagesPerSecond,
        ...(device !== 'cpu' && cpuLabels && {differing}),
      };
    } catch {
      return {};
    }
  }
}

/** With the CUDA libraries of a PyTorch, if there is one: they come last, after those of the system. */
async function withLibraries(python: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const find = 'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])';
  const {stdout, failure} = await runCommand(python, ['-c', find], 10, env);
  if (failure !== undefined) return env;
  const paths = [env.LD_LIBRARY_PATH, ...librariesBesidePyTorch(stdout.trim())].filter(Boolean);
  return paths.length === 0 ? env : {...env, LD_LIBRARY_PATH: paths.join(':')};
}
