import {statSync} from 'node:fs';
import {Flags, type Interfaces} from '@oclif/core';
import {textFlag} from '../../cli/flags.ts';
import {RiceError} from '../../common/errors.ts';
import {shellWords} from '../../common/shell-words.ts';
import type {PretrainedChoice} from '../../training/initial/load-learnt.ts';
import {NETWORKS} from '../../training/networks/index.ts';
import type {Network} from '../../training/networks/network.ts';
import {isRun} from '../../training/run/is-run.ts';
import type {TrainingFlags} from './flags.ts';

/** Which weights that others trained a network begins with. */
export const pretrainedFlags = {
  pretrained: textFlag({
    description:
      'begin with weights that others trained: a tag of timm, a .safetensors or .pth file, or the model or run folder of a network trained by rice; alone, or default: the usual weights of the network, downloaded once (docs/pretrained.md)',
    helpValue: 'SOURCE',
  }),
  'allow-non-commercial': Flags.boolean({
    description: 'with --pretrained: take weights too whose license forbids commercial use',
    dependsOn: ['pretrained'],
  }),
};

export type PretrainedFlags = Interfaces.InferredFlags<typeof pretrainedFlags>;

/** What stands for the usual weights of a network. */
const USUAL = 'default';

/** `--pretrained` without a source means the usual weights. */
export function withUsualWeights(argv: readonly string[]): string[] {
  return argv.flatMap((word, i) =>
    word === '--pretrained' && (argv[i + 1] ?? '-').startsWith('-') ? [word, USUAL] : [word],
  );
}

/** Which weights that others trained the flags ask for, if any. */
export function pretrainedChoice({pretrained, 'allow-non-commercial': allowNonCommercial}: PretrainedFlags): {
  pretrained?: PretrainedChoice;
} {
  if (pretrained === undefined) return {};
  return {pretrained: {allowNonCommercial, ...(pretrained === USUAL ? {} : {source: pretrained})}};
}

/**
 * Settings of weights that others trained are for networks that they can be had for.
 *
 * @throws RiceError USAGE
 */
export function requirePretrained(flags: TrainingFlags & PretrainedFlags): void {
  const {arch, pretrained, freeze} = flags;
  const able = Object.entries<Network>(NETWORKS).flatMap(([name, {parts}]) => (parts ? [name] : []));
  const given = (['pretrained', 'freeze', 'layer-decay', 'head-lr'] as const).find((name) => flags[name] !== undefined);
  if (given !== undefined && !able.includes(arch)) {
    throw new RiceError('USAGE', `--${given} is for networks whose weights others trained: ${arch} is none of them`, {
      suggestions: [
        `Name one of these with --arch: ${able.join(', ')}.`,
        'Or make a model of the one that comes with rice, in seconds: rice train DIR --from rice',
      ],
    });
  }
  if (pretrained !== undefined && isFolder(pretrained) && !isRun(pretrained)) {
    throw new RiceError('USAGE', `--pretrained ${pretrained}: a folder that holds neither weights nor a run`, {
      suggestions: [
        `For the usual weights and pictures in that folder: rice train ${shellWords([pretrained])} --pretrained ${USUAL}`,
      ],
    });
  }
  if (flags.lr === 0 && flags['head-lr'] !== undefined) {
    throw new RiceError('USAGE', '--head-lr is a multiple of --lr, which is 0', {
      suggestions: ['For a classifier that learns alone: --freeze backbone'],
    });
  }
  const idle = flags['layer-decay'] !== undefined ? '--layer-decay' : '--freeze-statistics';
  if (freeze === 'backbone' && (flags['layer-decay'] !== undefined || flags['freeze-statistics'])) {
    throw new RiceError('USAGE', `${idle} changes nothing with --freeze backbone: the classifier alone learns`, {
      suggestions: ['Leave it out, or freeze fewer layers.'],
    });
  }
  const stays = freeze !== undefined ? '--freeze' : flags['freeze-statistics'] ? '--freeze-statistics' : undefined;
  if (stays === undefined || pretrained !== undefined) return;
  throw new RiceError('USAGE', `${stays} keeps what others trained, but no weights of others were named`, {
    suggestions: ['Add --pretrained.'],
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
  } catch {
    // In a folder that may not be searched: what reads it says so.
    return false;
  }
}
