import {Flags, type Interfaces} from '@oclif/core';
import {integerFlag, numberFlag, pathFlag, sharedFlags, textFlag} from '../../cli/flags.ts';
import {COLOR_BY} from '../../scanning/output/grain-classes.ts';
import {SCAN_FORMATS} from './formats/scan-format.ts';

/** What `--broken` may be, and the share of a whole grain below which one is broken. */
export const BROKEN_BELOW = {'3/4': 3 / 4, '2/3': 2 / 3, '1/2': 1 / 2} as const;
type BrokenBelow = keyof typeof BROKEN_BELOW;

const SCALE = 'SCALE';
const FILES = 'FILES';

export const scanFlags = {
  ...sharedFlags,
  recursive: Flags.boolean({char: 'r', description: 'also search subfolders'}),
  'files-from': pathFlag({
    description: 'read more paths from a file, one per line (or separated by NUL); - reads them from standard input',
    helpValue: 'FILE',
  }),
  'allow-urls': Flags.boolean({description: 'fetch pictures from http and https URLs'}),
  'px-per-mm': numberFlag({
    description: 'scale in pixels per millimeter',
    helpGroup: SCALE,
  }),
  dpi: integerFlag({
    description: 'scale in dots per inch, as of a scanner',
    helpGroup: SCALE,
  }),
  reference: textFlag({
    description:
      'what gives the scale: coin:DIAMETER in mm (any round thing, such as coin:23.25) or a known coin, card (of a bank), a4, letter, or target (the sheet of rice target)',
    helpValue: 'WHAT',
    helpGroup: SCALE,
  }),
  'reference-at': textFlag({
    description: 'a point on the reference, in pixels, where several things could be it',
    helpValue: 'X,Y',
    helpGroup: SCALE,
  }),
  broken: Flags.option({options: Object.keys(BROKEN_BELOW) as BrokenBelow[]})({
    description: 'a grain shorter than this share of the whole ones of its variety is broken',
    default: '3/4',
  }),
  expect: textFlag({description: 'report the purity for this variety', helpValue: 'LABEL'}),
  format: Flags.option({options: SCAN_FORMATS})({
    description:
      'output format: a view for people, one JSON document (as --json), one JSON object per grain (ndjson), or one CSV row per grain',
    default: 'table',
  }),
  annotate: pathFlag({
    description:
      'write the picture with outlines and ids as .png, .jpg or .svg; of several pictures into a folder, or by a pattern such as marked/*.png, where * is the name of the picture',
    helpValue: 'FILE',
    helpGroup: FILES,
  }),
  'color-by': Flags.option({options: COLOR_BY})({
    description: 'what the colors of --annotate and --report tell at first',
    default: 'variety',
    helpGroup: FILES,
  }),
  report: pathFlag({
    description: 'write an HTML report to look at each grain: one file that needs no network',
    helpValue: 'FILE.html',
    helpGroup: FILES,
  }),
  crops: pathFlag({
    description:
      'write each grain as a picture on black into DIR, with manifest.json; a folder of rice train is made by naming one folder per variety',
    helpValue: 'DIR',
    helpGroup: FILES,
  }),
  'crops-by': Flags.option({options: COLOR_BY})({
    description: 'sort the grains of --crops into a folder per variety or grade; those that are not sure are left out',
    dependsOn: ['crops'],
    helpGroup: FILES,
  }),
  corrections: pathFlag({
    description: 'apply corrections that were made on the page of rice serve',
    helpValue: 'FILE.json',
    helpGroup: FILES,
  }),
};

export type ScanFlags = Interfaces.InferredFlags<typeof scanFlags>;
