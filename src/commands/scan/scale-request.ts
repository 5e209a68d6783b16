import {defined} from '../../common/defined.ts';
import {parseScale} from '../../scanning/scale/parse.ts';
import type {ScaleRequest} from '../../scanning/scale/types.ts';

export interface ScaleFlags {
  'px-per-mm'?: number | undefined;
  dpi?: number | undefined;
  reference?: string | undefined;
  'reference-at'?: string | undefined;
}

/**
 * What the flags say about the scale.
 *
 * @throws RiceError USAGE or OUT_OF_RANGE
 */
export function scaleRequest(flags: ScaleFlags): ScaleRequest {
  const {'px-per-mm': pxPerMm, dpi, reference, 'reference-at': referenceAt} = flags;
  return parseScale(defined({pxPerMm, dpi, reference, referenceAt}));
}
