import {basename, join, resolve} from 'node:path';
import {Args} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {integerFlag, pathFlag, textFlag} from '../../cli/flags.ts';
import {teachInTerminal} from '../../cli/teach-in-terminal.ts';
import {TeachView} from '../../cli/teach-view.ts';
import {labeledPictures} from '../../dataset/labeled-pictures.ts';
import {scanDataset} from '../../dataset/scan.ts';
import {RUNS_FOLDER} from '../../model/model-path.ts';
import {DEFAULT_FOLDS} from '../../training/teach/default-folds.ts';

export default class Adapt extends BaseCommand<typeof Adapt> {
  static override summary = 'make a model right for your camera, with a few grains whose variety you know';
  static override description =
    `Takes pictures of single grains, such as those that rice scan --crops cuts out of a photograph, and makes a model of the same varieties that is right for this camera, too, and accepts its pictures. Ten grains of one variety help; some of each variety help more.
PICTURES is a folder: with --label, of pictures of that variety; without it, of one subfolder per variety, named after it.
What the model knew of the training's own camera stays. The accuracy that is printed is that of grains that were left out in turn.
For varieties that the model does not know: rice train DIR --from rice.`;
  static override examples = [
    {
      description: 'Ten grains of Basmati, cut out of a photograph',
      command: '<%= config.bin %> adapt grains/basmati --label Basmati',
    },
    {
      description: 'Grains of several varieties, a folder each',
      command: '<%= config.bin %> adapt grains --camera "phone on cloth"',
    },
    {
      description: 'Use it',
      command: '<%= config.bin %> predict grain.jpg --model runs/camera-1',
    },
  ];

  static override args = {
    pictures: Args.string({description: 'folder of pictures of single grains', required: true}),
  };

  static override flags = {
    label: textFlag({description: 'the variety of all the pictures', helpValue: 'LABEL'}),
    from: textFlag({
      description: 'the model to adapt: rice for the model that comes with rice, a model file or the folder of a run',
      default: 'rice',
      helpValue: 'MODEL',
    }),
    camera: textFlag({description: 'what to call the camera [default: the name of the folder]', helpValue: 'NAME'}),
    out: pathFlag({description: 'run folder [default: runs/camera-<number>]', helpValue: 'DIR'}),
    name: textFlag({
      description: 'name of the model, stored in its file [default: the name of the run folder]',
      helpValue: 'NAME',
    }),
    'model-version': textFlag({
      description: 'version of the model, stored in its file',
      default: '1.0.0',
      helpValue: 'VERSION',
    }),
    folds: integerFlag({
      description: 'parts of the pictures, each of which is named by a model that has not seen it',
      default: DEFAULT_FOLDS,
      min: 2,
      max: 100,
    }),
    seed: integerFlag({description: 'seed for the folds and the changes of the pictures', default: 1, min: 0}),
  };

  async run() {
    const {flags, args} = this;
    const {label, from, folds, seed} = flags;
    const dataset =
      label === undefined ? scanDataset(args.pictures, {minimumLabels: 1}) : labeledPictures(args.pictures, label);
    const {newRunFolder} = await import('../../training/run/run-folder.ts');
    const run = flags.out ?? newRunFolder(join(process.cwd(), RUNS_FOLDER), 'camera');
    const {name = basename(resolve(run)), camera = basename(dataset.root), 'model-version': version} = flags;
    const view = new TeachView({
      quiet: flags.quiet,
      style: this.style,
      print: (text) => this.log(text),
      warn: (text) => this.warn(text),
    });
    return teachInTerminal(view, {dataset, from, run, name, version, camera, folds, seed, settings: this.settings});
  }
}
