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
});
