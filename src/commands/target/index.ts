import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {displayPath} from '../../cli/display-path.ts';
import {printable} from '../../cli/printable.ts';
import {RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {PAPERS, type Paper, type TargetSheet, targetSheet} from '../../scanning/scale/target/sheet.ts';
import {targetPdf} from './pdf.ts';
import {targetSvg} from './svg.ts';

const WRITERS: Readonly<Record<string, (sheet: TargetSheet) => string | Uint8Array>> = {
  pdf: targetPdf,
  svg: targetSvg,
};

export default class Target extends BaseCommand<typeof Target> {
  static override summary = 'make a sheet to print, to lay grains on and photograph';
  static override description =
    `From the sheet, rice scan takes the scale in millimeters, the angle of the camera and the white balance, without being told. It has four markers at its corners, a gray patch, a black field for most grains and a blue one for red and dark grains.
Print it at 100 % ("actual size"), and measure the bar at its bottom: it must be 100 mm long. Matte paper reflects least.`;
  static override examples = [
    {description: 'To print', command: '<%= config.bin %> target target.pdf'},
    {description: 'On Letter paper', command: '<%= config.bin %> target target.pdf --paper letter'},
    {description: 'To change in a drawing program', command: '<%= config.bin %> target target.svg'},
  ];

  static override args = {
    file: Args.string({description: 'where to write it: a name that ends in .pdf or .svg', required: true}),
  };

  static override flags = {
    paper: Flags.option({options: Object.keys(PAPERS) as Paper[]})({
      description: 'the paper to print on',
      default: 'a4',
    }),
  };

  async run() {
    const {file} = this.args;
    const format = /\.(\w+)$/.exec(file)?.[1].toLowerCase() ?? '';
    const write = WRITERS[format];
    if (!write)
      throw new RiceError('USAGE', `${file || '""'} does not say what to write: it must end in .pdf or .svg`, {
        suggestions: [`Name it ${(file || 'target').replace(/\.\w*$/, '')}.pdf.`],
      });
    const sheet = targetSheet(this.flags.paper as Paper);
    writeAtomically(file, write(sheet));
    this.log(`${printable(displayPath(file))}: print it at 100 %, and measure its bar: it must be 100 mm long`);
    const {paper, width, height, markers, fields, gray, bar} = sheet;
    return {path: file, format, paper, width, height, markers, fields, gray, bar};
  }
}
