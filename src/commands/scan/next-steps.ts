import {fromHere} from '../../cli/display-path.ts';
import {shellWords} from '../../common/shell-words.ts';
import {nothingMeasured} from '../../scanning/nothing-measured.ts';
import type {ScannedPicture} from '../../scanning/types.ts';
import type {ScanFlags} from './flags.ts';

type Given = Pick<ScanFlags, 'annotate' | 'report' | 'px-per-mm' | 'dpi' | 'reference'>;

/**
 * What to do after a picture was scanned, one or two lines with a command each.
 *
 * @param argv what was asked: with another model or scale, another command would answer otherwise
 */
export function nextSteps(picture: ScannedPicture | undefined, flags: Given, argv: readonly string[]): string[] {
  if (picture === undefined) return flags.report === undefined ? ['look at each grain: --report grains.html'] : [];
  const path = picture.path === '-' ? undefined : shellWords([fromHere(picture.path)]);
  if (path === undefined) return [];
  if (picture.grains.length === 1) return [`for a single grain: rice predict ${path}`];
  const command = shellWords(['rice', 'scan', ...argv]);
  const steps: string[] = [];
  if (flags.annotate === undefined && flags.report === undefined)
    steps.push(
      nothingMeasured(picture)
        ? `see what was found: rice scan ${path} --annotate marked.jpg`
        : `look at each grain: ${command} --report grains.html`,
    );
  if (picture.scale === null && !nothingMeasured(picture))
    steps.push('for millimeters: --dpi 300 for a scan, --reference coin:23.25 for a coin beside the grains');
  return steps;
}
