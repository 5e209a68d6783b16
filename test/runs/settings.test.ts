import {expect} from 'chai';
import {trainingConfiguration, trainingFlags} from '../../src/commands/train/flags.ts';
import {repeatCommand} from '../../src/runs/repeat-command.ts';
import {differencesFromDefault, differingSettings} from '../../src/runs/settings.ts';
import {DEFAULT_CONFIGURATION} from '../../src/training/configuration.ts';
import type {RunRecord} from '../../src/training/run/run-folder.ts';

type Flags = Parameters<typeof trainingConfiguration>[0];

describe('the settings of a run', () => {
  const usual = Object.fromEntries(
    Object.entries(trainingFlags).map(([name, flag]) => [name, (flag as {default?: unknown}).default]),
  );
  /** Another value of the same kind. */
  const other = (name: string): unknown => {
    const {options, type} = trainingFlags[name as keyof typeof trainingFlags] as {options?: string[]; type: string};
    if (type === 'boolean') return true;
    return options ? options.find((each) => each !== usual[name]) : Number(usual[name] ?? 0) + 0.0625;
  };

  it('differ in nothing from the default where no flag was given', () => {
    expect(differencesFromDefault(trainingConfiguration(usual as Flags))).to.deep.equal([]);
    expect(differencesFromDefault(DEFAULT_CONFIGURATION)).to.deep.equal([]);
  });

  for (const name of Object.keys(trainingFlags))
    it(`name --${name} where that was given, and repeat it`, () => {
      const configuration = trainingConfiguration({...usual, [name]: other(name)} as Flags);
      expect(differencesFromDefault(configuration)).to.deep.equal([{name, value: other(name)}]);
      expect(differingSettings([DEFAULT_CONFIGURATION, configuration]).map((each) => each.name)).to.deep.equal([name]);
      const record = {configuration, dataset: {root: 'my rice'}} as RunRecord;
      const flag = other(name) === true ? `--${name}` : `--${name} ${other(name)}`;
      expect(repeatCommand(record)).to.equal(`rice train 'my rice' ${flag}`);
    });

  describe('of a network that began with weights of others', () => {
    const PRETRAINED = {source: 'timm/resnet18.a1_in1k', bytes: 1, sha256: '00', license: 'apache-2.0'};
    const begun = (flags: Record<string, unknown>) => ({
      ...trainingConfiguration({...usual, arch: 'resnet18', pretrained: 'w.pth', ...flags} as Flags & {
        pretrained: string;
      }),
      pretrained: PRETRAINED,
    });
    const record = (flags: Record<string, unknown>, settings: unknown[] = []) =>
      ({configuration: begun(flags), dataset: {root: 'rice'}, settings}) as unknown as RunRecord;

    it('differ in the weights alone where nothing else was given', () => {
      const weights = [
        {name: 'arch', value: 'resnet18'},
        {name: 'pretrained', value: PRETRAINED.source},
      ];
      expect(differencesFromDefault(begun({}))).to.deep.equal(weights);
      const frozen = begun({freeze: 'backbone', 'whole-frame': true});
      expect(differencesFromDefault(frozen)).to.have.deep.members([
        ...weights,
        {name: 'freeze', value: 'backbone'},
        {name: 'whole-frame', value: true},
      ]);
    });

    // Defaults of drawn weights among them, which are none here.
    for (const flags of [
      {epochs: 22, lr: 3e-3, 'weight-decay': 0.02, 'image-size': 120},
      {'layer-decay': 1, 'head-lr': 3e-4},
      {'layer-decay': 0.9, 'head-lr': 0.02, lr: 1e-3},
      {freeze: 'backbone', dropout: 0, epochs: 8, 'head-lr': 0.1},
      {freeze: 4, 'freeze-statistics': true, 'whole-frame': true, 'image-size': 88},
    ] as Record<string, unknown>[])
      it(`are repeated: ${JSON.stringify(flags)}`, () => {
        const words = repeatCommand(record(flags)).split(' ').slice(3);
        const given: Record<string, unknown> = {};
        words.forEach((word, at) => {
          if (!word.startsWith('--')) return;
          const value = words[at + 1] ?? '--';
          given[word.slice(2)] = value.startsWith('--') ? true : Number.isNaN(Number(value)) ? value : Number(value);
        });
        expect(Object.keys(given)).to.have.members(['arch', 'pretrained', ...Object.keys(flags)]);
        expect(begun(given)).to.deep.equal(begun(flags));
      });

    it('are repeated with the file that was named, whatever the record calls it', () => {
      const settings = [
        {name: 'pretrained', value: '/weights of others/w.pth', origin: 'flag'},
        {name: 'allowNonCommercial', value: true, origin: 'flag'},
      ];
      expect(repeatCommand(record({}, settings))).to.equal(
        "rice train rice --arch resnet18 --pretrained '/weights of others/w.pth' --allow-non-commercial",
      );
      const [usualWeights] = [repeatCommand(record({}, [{name: 'pretrained', value: 'default', origin: 'flag'}]))];
      expect(usualWeights).to.equal('rice train rice --arch resnet18 --pretrained timm/resnet18.a1_in1k');
    });
  });
});
