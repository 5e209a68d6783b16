import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Config, type Interfaces, Parser} from '@oclif/core';
import {expect} from 'chai';
import {parseShard} from '../../src/prediction/sources/shard.ts';
import {HAS_MODEL, ROOT, rice} from './rice.ts';

const SAMPLE = join(ROOT, 'test', 'samples', 'basmati-1.jpg');
/** Flags in messages that are those of other programs. */
const FOREIGN_FLAGS = ['--omit', '--array', '--notest', '--import', '--data-binary', '--expose-gc', '--query-gpu'];

/** Each string and template of the sources outside of comments, with `1` for what is inserted into a template. */
function stringsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '');
  const strings = text.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g);
  return [...strings].map(([, a, b, c]) => (a ?? b ?? c ?? '').replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '1'));
}

/**
 * The command lines in a message: from `rice COMMAND` on, as long as words can belong to one: flags, what follows a flag
 * with a value, placeholders in capitals and paths.
 */
function linesIn(message: string, commands: Map<string, Interfaces.FlagInput>): string[][] {
  const lines: string[][] = [];
  for (const [, rest] of message.matchAll(/\brice ((?:[a-z-]+)[^\n]*)/g)) {
    const [command, ...words] = rest.split(/\s+/).map((word) => word.replace(/[.,;:)"'?]+$/, ''));
    const flags = commands.get(command);
    if (!flags) continue;
    const line = [command];
    for (const word of words) {
      const flag = flags[(line.at(-1) ?? '').replace(/^--/, '')];
      const isValue = line.at(-1)!.startsWith('--') && flag?.type === 'option';
      if (isValue || /^(--?[a-z][\w-]*(=.*)?|-|[A-Z]{2,}|1|\S*[./]\S+)$/.test(word)) line.push(word);
      else break;
    }
    if (line.length > 1) lines.push(line);
  }
  return lines;
}

describe('messages', () => {
  const files = readdirSync(join(ROOT, 'src'), {recursive: true, encoding: 'utf8'}).filter((name) =>
    name.endsWith('.ts'),
  );
  const strings = files.flatMap((name) => stringsOf(join(ROOT, 'src', name)).map((text) => ({name, text})));
  const commands = new Map<string, {input: Parameters<typeof Parser.parse>[1]; flags: Interfaces.FlagInput}>();
  before(async () => {
    const config = await Config.load(ROOT);
    for (const {id, load} of config.commands) {
      const {args, baseFlags, flags, strict} = await load();
      const all = {...baseFlags, ...flags} as Interfaces.FlagInput;
      commands.set(id, {flags: all, input: {args, flags: all, strict}});
    }
  });
  const flagsOf = () => new Map([...commands].map(([id, {flags}]) => [id, flags]));

  it('name command lines that are understood', async () => {
    let count = 0;
    for (const {name, text} of strings)
      for (const [id, ...argv] of linesIn(text, flagsOf())) {
        count++;
        if (argv.includes('--help')) continue;
        const line = `${name}: rice ${[id, ...argv].join(' ')}`;
        await Parser.parse(argv, commands.get(id)!.input).catch((error: Error) =>
          expect.fail(`${line}: ${error.message}`),
        );
      }
    expect(count).to.be.above(10);
  });

  it('name flags that there are', () => {
    const known = new Set(
      [...commands.values()].flatMap(({flags}) =>
        Object.entries(flags).flatMap(([flag, definition]) =>
          'allowNo' in definition && definition.allowNo ? [`--${flag}`, `--no-${flag}`] : [`--${flag}`],
        ),
      ),
    );
    for (const {name, text} of strings) {
      if (/^server\/page|style|completion\/shells/.test(name.replaceAll('\\', '/'))) continue;
      for (const [, flag] of text.matchAll(/(?<![\w-])(--[a-z][a-z-]+[a-z])(?![\w-])/g))
        if (!['--help', '--version', ...FOREIGN_FLAGS].includes(flag))
          expect(known, `${name}: ${text}`).to.include(flag);
    }
  });

  it('are searched for command lines as they are meant', () => {
    const lines = (text: string) => linesIn(text, flagsOf());
    expect(lines('Continue with rice train --resume RUN.')).to.deep.equal([['train', '--resume', 'RUN']]);
    expect(lines('Or look: rice fetch-data --verify.')).to.deep.equal([['fetch-data', '--verify']]);
    expect(lines('then rice train makes them again')).to.deep.equal([]);
  });
});

describe('hints', () => {
  const cases: [args: string[], hint: RegExp, not?: RegExp][] = [
    [['predict', 'a', '--device', 'gpu'], /Did you mean cuda or webgpu\?/, /cpu\?/],
    [['predict', 'a', '--device', 'cudaa'], /Did you mean cuda\?/],
    [['predict', 'a', '--format', 'jsonl'], /Did you mean ndjson\?/],
    [['train', 'a', '--model', 'b'], /--arch/, /--model-version/],
    [['predict', 'a', '--min-accuracy', '1'], /--min-accuracy is a flag of rice evaluate\./],
    [['train', 'a', '--modle-version', 'b'], /Did you mean --model-version\?/],
    [['predict', SAMPLE, '--shard', '9/3'], /Use --shard 1\/3 to --shard 3\/3\./],
    [['predict', SAMPLE, '--shard', '2/1'], /--shard 1\/1/],
    [['predict', SAMPLE, '--max-pixels', '10'], /^Error IMAGE_TOO_LARGE[^\n]*\nTry: [^\n]*--max-pixels/m],
  ];
  for (const [args, hint, not] of cases)
    it(`lead from ${args.map((word) => (word === SAMPLE ? 'a.jpg' : word)).join(' ')} to ${hint.source}`, async function () {
      if (args.includes(SAMPLE) && !HAS_MODEL) this.skip();
      const {code, stderr} = await rice(args);
      expect(code).to.be.within(1, 2);
      expect(stderr).to.match(hint);
      if (not) expect(stderr).not.to.match(not);
    });

  it('come once for each kind of error of pictures, and not with --quiet', async function () {
    if (!HAS_MODEL) this.skip();
    const args = ['predict', SAMPLE, SAMPLE, '--max-pixels', '10'];
    expect((await rice(args)).stderr.match(/^Try: /gm)).to.have.length(1);
    expect((await rice([...args, '--quiet'])).stderr).not.to.match(/^Try: /m);
  });

  it('lead from a value in the environment to the right one', async () => {
    const {stderr} = await rice(['predict', 'a'], {env: {RICE_DEVICE: 'gpu'}});
    expect(stderr).to.contain('Try: Write cuda or webgpu.');
  });

  it('name shards that there are', () => {
    expect(parseShard('3/3', {})).to.deep.equal({index: 3, count: 3});
    expect(() => parseShard('0/0', {})).to.throw('--shard 0/0: there is no shard 0 of 0');
  });
});
