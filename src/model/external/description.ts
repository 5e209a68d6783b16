import type {FitOptions} from '../../image/resize/fit-image.ts';
import type {Layout, TensorFormat} from '../../image/resize/to-tensor.ts';
import type {Resize} from '../metadata.ts';

/** What a network's output is: any numbers, of which the softmax is to be taken; or what comes out of a softmax. */
export const OUTPUTS = ['logits', 'probabilities'] as const;
export type Output = (typeof OUTPUTS)[number];

/**
 * What the JSON file beside an external model says of it, with defaults for what it leaves out. The file itself is
 * described by schemas/model.schema.json, and for people in docs/external-models.md.
 */
export interface Description {
  /** The file that it stands in. */
  path: string;
  name: string;
  version: string;
  labels: string[];
  /** Levels to numbers; the layout may be left to the graph. */
  format: Omit<TensorFormat, 'layout'> & {layout: Layout | undefined};
  resize: Resize;
  /** How the whole picture is fitted; without effect where the grain is looked for instead. */
  fitting: Pick<FitOptions, 'cropPct' | 'fill' | 'interpolation'>;
  output: Output;
  /** By which logits are divided before the softmax. */
  temperature: number;
  unknown: {confidence: number};
}
