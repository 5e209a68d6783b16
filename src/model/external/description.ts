import type {FitOptions} from '../../image/resize/fit-image.ts';
import type {Layout, TensorFormat} from '../../image/resize/to-tensor.ts';
import type {Resize} from '../metadata.ts';

/** What a network's output is: logits, before the softmax, or probabilities, after it. */
export const OUTPUTS = ['logits', 'probabilities'] as const;
export type Output = (typeof OUTPUTS)[number];

/**
 * The content of the JSON file beside an external model, with defaults filled in. The schema of the file is
 * schemas/model.schema.json; docs/external-models.md explains it.
 */
export interface Description {
  /** Path of the JSON file. */
  path: string;
  name: string;
  version: string;
  labels: string[];
  /** How levels become tensor values; if the layout is undefined, the graph's input shape decides. */
  format: Omit<TensorFormat, 'layout'> & {layout: Layout | undefined};
  resize: Exclude<Resize, 'whole-picture'>;
  /** How the whole picture is fitted; not used with resize "aligned-grain". */
  fitting: Pick<FitOptions, 'cropPct' | 'fill' | 'interpolation'>;
  output: Output;
  /** Divides the logits before the softmax. */
  temperature: number;
  unknown: {confidence: number};
}
