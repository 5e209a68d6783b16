/** Blocks of each stage of EfficientNet-Lite0. */
const STAGES = [1, 2, 2, 3, 3, 4, 1];

const OUTSIDE: Record<string, string> = {
  _conv_stem: 'conv_stem',
  _bn0: 'bn1',
  _conv_head: 'conv_head',
  _bn1: 'bn2',
  _fc: 'classifier',
};

/** The first block does not expand: a depthwise convolution, then a pointwise one. */
const FIRST_BLOCK: Record<string, string> = {
  _depthwise_conv: 'conv_dw',
  _bn1: 'bn1',
  _project_conv: 'conv_pw',
  _bn2: 'bn2',
};

const OTHER_BLOCKS: Record<string, string> = {
  _expand_conv: 'conv_pw',
  _bn0: 'bn1',
  _depthwise_conv: 'conv_dw',
  _bn1: 'bn2',
  _project_conv: 'conv_pwl',
  _bn2: 'bn3',
};

/** Whether tensors have the names of the package efficientnet-lite-pytorch. */
export function hasLiteNames(names: ReadonlyMap<string, unknown>): boolean {
  return names.has('_conv_stem.weight');
}

/**
 * The name in timm's `tf_efficientnet_lite0` of a tensor of the package efficientnet-lite-pytorch: `_blocks.2._bn0.bias` is
 * `blocks.1.1.bn1.bias`. A name that is not of that package stays as it is.
 */
export function timmNameOfLite(name: string): string {
  const [, block, part, rest] = /^(?:_blocks\.(\d+)\.)?(_\w+)(\..*)$/.exec(name) ?? [];
  if (part === undefined) return name;
  const number = block === undefined ? undefined : Number(block);
  const parts = number === undefined ? OUTSIDE : number === 0 ? FIRST_BLOCK : OTHER_BLOCKS;
  const place = number === undefined ? '' : placeOf(number);
  return parts[part] === undefined || place === undefined ? name : `${place}${parts[part]}${rest}`;
}

/** `blocks.STAGE.BLOCK.` of a block counted through all stages; undefined where there is none. */
function placeOf(number: number): string | undefined {
  let block = number;
  for (const [stage, blocks] of STAGES.entries()) {
    if (block < blocks) return `blocks.${stage}.${block}.`;
    block -= blocks;
  }
  return undefined;
}
