import {Command, Flags} from '@oclif/core';
import {expect} from 'chai';
import type {ConfigFile} from '../../src/cli/config-files.ts';
import {integerFlag, pathFlag} from '../../src/cli/flags.ts';
import {describeSettings, type FlagDefinitions, layerSettings} from '../../src/cli/settings.ts';

const flags = {
  json: Flags.boolean(),
  epochs: integerFlag({char: 'e', min: 1, default: 8}),
  device: Flags.string(),
  model: pathFlag(),
  augment: Flags.boolean({allowNo: true}),
  resume: pathFlag({exclusive: ['out']}),
  out: pathFlag(),
  label: Flags.string({multiple: true}),
} as unknown as FlagDefinitions;
const context = Object.create(Command.prototype) as Command;
const file = (content: Record<string, unknown>, path = '/project/.ricerc'): ConfigFile => ({
  path,
  scope: 'project',
  content,
});
const layer = (argv: string[], files: ConfigFile[] = [], env: Record<string, string> = {}) =>
  layerSettings(argv, {command: 'train', flags, env, files}, context);

describe('layered settings', () => {
  it('do not override a flag on the command line, in any notation', async () => {
    const files = [file({device: 'cuda', train: {epochs: 3, augment: true}})];
    const env = {RICE_TRAIN_EPOCHS: '4'};
    for (const words of [['--epochs', '5'], ['--epochs=5'], ['-e', '5'], ['-e5'], ['-e=5']]) {
      const {argv, origins} = await layer(words, files, env);
      expect(argv).to.deep.equal([...words, '--device=cuda', '--augment']);
      expect(origins.get('epochs')).to.equal('flag');
    }
    expect((await layer(['--no-augment'], files)).origins.get('augment')).to.equal('flag');
  });

  it('do not mistake the value of a flag for a flag', async () => {
    const {origins} = await layer(['--device', '--epochs'], [file({train: {epochs: 3}})]);
    expect(origins.get('epochs')).to.equal('file /project/.ricerc');
  });

  it('are inserted before --', async () => {
    const {argv} = await layer(['dir', '--', '--epochs'], [file({train: {epochs: 3}})]);
    expect(argv).to.deep.equal(['dir', '--epochs=3', '--', '--epochs']);
  });

  it("prefer the command's own key to the shared one, and the project file to the user file", async () => {
    const near = file({train: {epochs: 3}}, '/near/.ricerc');
    const far = file({device: 'cpu', train: {epochs: 9, device: 'cuda'}}, '/far/config.yaml');
    const {origins, values} = await layer([], [near, far], {RICE_EPOCHS: '77'});
    expect(values).to.deep.equal({epochs: 3, device: 'cuda'});
    expect([...origins]).to.deep.equal([
      ['epochs', 'file /near/.ricerc'],
      ['device', 'file /far/config.yaml'],
    ]);
    expect((await layer([], [near], {RICE_TRAIN_DEVICE: 'a', RICE_DEVICE: 'b'})).values.device).to.equal('a');
  });

  it('are ignored if a flag on the command line excludes them', async () => {
    const files = [file({train: {out: 'runs/x', resume: 'runs/y'}})];
    expect((await layer(['--resume', 'r'], files)).argv).to.deep.equal(['--resume', 'r']);
    expect((await layer(['--out', 'o'], files)).argv).to.deep.equal(['--out', 'o']);
  });

  it('resolve paths in a file relative to that file, in a variable relative to the current folder', async () => {
    expect((await layer([], [file({model: 'a/b.onnx'})])).values.model).to.equal('/project/a/b.onnx');
    expect((await layer([], [file({model: '/a/b.onnx'})])).values.model).to.equal('/a/b.onnx');
    expect((await layer([], [], {RICE_MODEL: 'a/b.onnx'})).argv).to.deep.equal(['--model=a/b.onnx']);
  });

  it('repeat a flag with several values, and negate a flag that allows it', async () => {
    const {argv} = await layer([], [file({train: {label: ['a', 'b'], augment: false}})]);
    expect(argv).to.deep.equal(['--no-augment', '--label=a', '--label=b']);
  });

  it('never set a flag for single calls, and ignore empty variables', async () => {
    const {argv} = await layer([], [], {RICE_JSON: '1', RICE_TRAIN_JSON: '1', RICE_TRAIN_EPOCHS: ''});
    expect(argv).to.deep.equal([]);
  });

  it('are listed with their origin', async () => {
    const settings = describeSettings(flags, {epochs: 5, device: 'cpu'}, new Map([['epochs', 'flag']]));
    expect(settings.slice(0, 3)).to.deep.equal([
      {name: 'epochs', value: 5, origin: 'flag'},
      {name: 'device', value: 'cpu', origin: 'default'},
      {name: 'model', value: null, origin: 'default'},
    ]);
    expect(settings.find(({name}) => name === 'augment')).to.deep.equal({
      name: 'augment',
      value: false,
      origin: 'default',
    });
  });
});
