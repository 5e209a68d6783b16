import {percent} from '../../common/report/figures.ts';
import type {Thresholds} from '../../model/rejection.ts';
import type {CardFacts} from './facts.ts';

/** What the model is for, what it is not for, and when it says that it does not know. */
export function limitsSection({metadata: {labels, input, unknown}}: Pick<CardFacts, 'metadata'>): string {
  const one = input.resize === 'aligned-grain';
  const subject = one ? 'A picture of one grain on a plain background' : 'A picture like those of the training';
  const conditions = conditionsOf(unknown);
  return `## What it is for, and its limits

${subject} is given the most probable of the ${labels.length} labels, and a picture of anything else as well: ${
    conditions.length > 0
      ? `only these thresholds tell that it is none of them. The answer is "unknown" where\n\n${conditions.map((each) => `- ${each}`).join('\n')}`
      : 'the model has no threshold, so every answer counts as known.'
  }

The accuracy below is that on pictures taken like those of the training. With another camera, light or background it may be much
lower: measure it on pictures of your own (\`rice evaluate\`). Do not use the model alone for decisions that matter to people or cost
much.${one ? ' Several grains in one picture are for `rice scan`.' : ''}`;
}

/** When an answer is "unknown", in words (see `rejectionOf`). */
function conditionsOf(unknown: Thresholds): string[] {
  const {confidence, sure, novelty, capture, captureLimit, strangeness, sizeNovelty, unlike, sameCamera} = unknown;
  const far = [
    ...(capture === undefined ? [] : [`\`capture\` above ${shown(capture)}`]),
    ...(sizeNovelty === undefined ? [] : [`\`sizeNovelty\` above ${shown(sizeNovelty)}`]),
  ];
  return [
    ...(confidence > 0 ? [`the confidence is below ${percent(confidence)}`] : []),
    ...(sure === undefined || far.length === 0
      ? []
      : [`the confidence is below what ${far.join(' or ')} asks for, up to ${percent(sure)} the farther it is above`]),
    ...(novelty === undefined
      ? []
      : [`\`novelty\` is above ${shown(novelty)}: a grain unlike all labels, whatever the camera`]),
    ...(captureLimit === undefined
      ? []
      : [`\`capture\` is above ${shown(captureLimit)}: too unlike the training pictures`]),
    ...(strangeness === undefined
      ? []
      : [`\`strangeness\` is above ${shown(strangeness)} in a picture that is otherwise like those of the training`]),
    ...(unlike === undefined
      ? []
      : [
          `\`strangeness\` is above ${shown(unlike.strangeness)} and \`sizeNovelty\` above ${shown(unlike.sizeNovelty)}: the picture of another camera`,
        ]),
    ...(sameCamera === undefined
      ? []
      : [
          'with `--trust same-camera`, one of the scores is above a limit of its own: for pictures like those of the training',
        ]),
  ];
}

function shown(threshold: number): string {
  return `${Number(threshold.toFixed(2))}`;
}
