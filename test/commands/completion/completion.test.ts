import {spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {BIN, rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];

/** What is typed, the last word of it being completed, and what is offered for it. */
const CASES: [words: string[], offered: string[], all: boolean][] = [
  [['pre'], ['predict'], true],
  [[''], ['predict', 'train', 'doctor', 'clean', 'help', 'version'], false],
  [['predict', '--format', ''], ['table', 'json', 'ndjson', 'csv'], true],
  [['predict', '--format', 'n'], ['ndjson'], true],
  [['train', '--arch', 'mob'], ['mobilenet', 'mobilenetv3_small', 'mobilenetv3_large'], true],
  [['evaluate', 'photos', '--device', 'c'], ['cpu', 'cuda'], true],
  [['predict', '--top'], ['--top-k'], true],
  [['predict', 'a.jpg', '--he'], ['--help'], true],
  [['completion', 'z'], ['zsh'], true],
  [['help', 'tr'], ['train'], true],
  [['runs', 'co'], ['compare'], true],
  [['runs', '--so'], ['--sort'], true],
  [['runs', 'compare', 'a', '--ht'], ['--html'], true],
];

/** Left to the shell, which completes file names. */
const PATHS = [
  ['predict', 'pictures/g'],
  ['predict', '--model', 'm'],
  ['predict', '-o', ''],
  ['predict', '--', '--fo'],
  ['train', '--out', ''],
];

describe('rice completion', () => {
  const folder = temporaryFolder();
  const scripts = new Map<string, string>();
  before(async () => {
    for (const shell of SHELLS) {
      const {code, stdout, stderr} = await rice(['completion', shell]);
      expect([code, stderr]).to.deep.equal([0, '']);
      scripts.set(shell, stdout);
      writeFileSync(join(folder(), shell), stdout);
    }
  });

  it('is JSON as well', async () => {
    const {script} = parseAs<{script: string}>('completion', (await rice(['completion', 'bash', '--json'])).stdout);
    expect(script).to.equal(scripts.get('bash'));
  });

  it('wants a shell that it knows', async () => {
    expect((await rice(['completion'])).stderr).to.contain('missing argument SHELL');
    const {code, stderr} = await rice(['completion', 'fsh']);
    expect(code).to.equal(2);
    expect(stderr).to.contain('bash').and.to.contain('fish');
  });

  it('is what those are led to who type the command of rice 1.1', async () => {
    expect((await rice(['autocomplete'])).stderr).to.contain('Did you mean rice completion?');
  });

  it('names every command and flag in every shell', async () => {
    const {stdout} = await rice([]);
    const commands = [...stdout.matchAll(/^ {2}([a-z -]+?) {2,}\S/gm)]
      .map(([, name]) => name)
      .filter((name) => !name.startsWith('rice'));
    expect(commands).to.include.members(['predict', 'runs compare']);
    for (const script of scripts.values()) {
      for (const word of commands.flatMap((command) => command.split(' '))) expect(script).to.contain(word);
      for (const flag of ['sort-into', 'list-sources', 'no-color']) expect(script).to.contain(flag);
    }
  });

  describe('in bash', () => {
    before(function () {
      if (!isThere('bash')) this.skip();
    });
    const complete = (words: string[]) => {
      const typed = ['rice', ...words].map((word) => `'${word}'`).join(' ');
      const lines = `
        eval "$('${process.execPath}' '${BIN}' completion bash)"
        COMP_WORDS=(${typed}); COMP_CWORD=${words.length}
        _rice
        printf '%s\\n' "\${COMPREPLY[@]}"`;
      return outputOf('bash', ['--norc', '-c', lines]);
    };

    for (const [words, offered, all] of CASES)
      it(`offers ${offered.join(', ')} for ${words.join(' ')}`, () => {
        if (all) expect(complete(words)).to.have.members(offered);
        else expect(complete(words)).to.include.members(offered);
      });

    for (const words of PATHS)
      it(`leaves ${words.join(' ')} to bash`, () => {
        expect(complete(words)).to.deep.equal([]);
      });

    it('completes values behind "="', () => {
      expect(complete(['predict', '--format', '=', 'nd'])).to.deep.equal(['ndjson']);
      expect(complete(['predict', '--format', '='])).to.have.members(['table', 'json', 'ndjson', 'csv']);
    });

    it('lets bash complete file names where nothing is offered', () => {
      const registered = outputOf('bash', ['--norc', '-c', `. '${join(folder(), 'bash')}'; complete -p rice`]);
      expect(registered.join())
        .to.match(/-o default/)
        .and.to.match(/-F _rice rice/);
    });

    it('completes file names when Tab is pressed', function () {
      if (spawnSync('script', ['--version']).status !== 0) this.skip();
      mkdirSync(join(folder(), 'pictures'));
      writeFileSync(join(folder(), 'pictures', 'grain.jpg'), '');
      const input = `PS1=; rice() { printf '<%s>' "$@"; }\n. ./bash\nrice predict pictures/g\t\nexit\n`;
      const options = {cwd: folder(), input, encoding: 'utf8'} as const;
      const {stdout} = spawnSync('script', ['-qec', 'bash --norc --noprofile -i', '/dev/null'], options);
      expect(stdout).to.contain('<predict><pictures/grain.jpg>');
    });
  });

  describe('in fish', () => {
    before(function () {
      if (!isThere('fish')) this.skip();
    });
    const complete = (words: string[]) =>
      outputOf('fish', [
        '--no-config',
        '-c',
        `source '${join(folder(), 'fish')}'; complete -C 'rice ${words.join(' ')}'`,
      ]).map((line) => line.split('\t')[0]);

    for (const [words, offered] of CASES)
      it(`offers ${offered.join(', ')} for ${words.join(' ')}`, () => {
        expect(complete(words)).to.include.members(offered);
      });
  });

  describe('in zsh', () => {
    before(function () {
      if (!isThere('zsh')) this.skip();
    });

    it('is understood, and registers itself', () => {
      expect(spawnSync('zsh', ['-n', join(folder(), 'zsh')], {encoding: 'utf8'})).to.include({status: 0, stderr: ''});
      const lines = `autoload -U compinit; compinit -u -D; source '${join(folder(), 'zsh')}'; print $_comps[rice]`;
      expect(outputOf('zsh', ['-f', '-c', lines])).to.deep.equal(['_rice']);
    });
  });

  describe('in PowerShell', () => {
    before(function () {
      if (!isThere('pwsh')) this.skip();
    });

    for (const [words, offered] of CASES)
      it(`offers ${offered.join(', ')} for ${words.join(' ')}`, () => {
        const line = `rice ${words.join(' ')}`;
        const script = `. '${join(folder(), 'powershell')}'; (TabExpansion2 '${line}' ${line.length}).CompletionMatches.CompletionText`;
        expect(outputOf('pwsh', ['-NoProfile', '-Command', script])).to.include.members(offered);
      });
  });
});

function isThere(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0;
}

function outputOf(command: string, args: string[]): string[] {
  const {stdout, stderr} = spawnSync(command, args, {encoding: 'utf8'});
  expect(stderr).to.equal('');
  return stdout.split('\n').filter((line) => line !== '');
}
