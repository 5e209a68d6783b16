import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {BIN, ROOT, rice} from './rice.ts';
import {parseAs} from './schema.ts';

const {version} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const ESCAPE = '\u001b[';

interface Failure {
  error: {code: string; message: string; suggestions: string[]};
}

describe('rice', () => {
  it('prints its version with what a bug report needs', async () => {
    for (const word of ['--version', '-v', '-V', 'version']) {
      const {code, stdout, stderr} = await rice([word]);
      expect(stdout).to.equal(`rice/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
      expect([code, stderr]).to.deep.equal([0, '']);
    }
  });

  it('prints the commands and examples without arguments', async () => {
    const {code, stdout, stderr} = await rice([]);
    expect(stdout)
      .to.match(/^ {2}predict +tell/m)
      .and.to.contain('rice predict grain.jpg');
    expect([code, stderr]).to.deep.equal([0, '']);
  });

  it('explains each command with examples, exit codes and variables', async () => {
    for (const command of ['predict', 'evaluate', 'config']) {
      const {code, stdout} = await rice([command, '--help']);
      expect(code).to.equal(0);
      for (const part of ['USAGE', 'EXAMPLES', 'EXIT CODES', 'ENVIRONMENT', `$ rice ${command}`, 'RICE_QUIET'])
        expect(stdout).to.contain(part);
    }
  });

  it('describes every command, argument and flag', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8'));
    for (const [id, command] of Object.entries<Record<string, Record<string, {description?: string}>>>(
      manifest.commands,
    )) {
      expect(command.summary, id).to.be.a('string');
      expect(command.examples, id).to.not.equal(undefined);
      for (const group of [command.args, command.flags])
        for (const [name, {description}] of Object.entries(group))
          expect(description, `${id} ${name}`).to.be.a('string');
    }
  });

  it('understands help and -h as well', async () => {
    const help = await rice(['predict', '--help']);
    expect((await rice(['help', 'predict'])).stdout).to.equal(help.stdout);
    expect((await rice(['predict', '-h'])).stdout).to.equal(help.stdout);
  });

  it('prints the same for -h, --help and help alone as without arguments', async () => {
    const {stdout} = await rice([]);
    for (const word of ['-h', '--help', 'help'])
      expect(await rice([word]), word).to.deep.equal({code: 0, stdout, stderr: ''});
  });

  it('warns about a misspelled variable, unless --quiet is set', async () => {
    const env = {RICE_DEVISE: 'cpu', RICE_CACHE_DIR: '/tmp', OTHER_MODEL: 'x'};
    expect((await rice(['config'], {env})).stderr).to.equal(
      'Warning: RICE_DEVISE is set, but no setting has this name: did you mean RICE_DEVICE?\n',
    );
    expect((await rice(['config', '--quiet'], {env})).stderr).to.equal('');
  });

  it('suggests the nearest command', async () => {
    const {code, stdout, stderr} = await rice(['predcit', 'a.jpg']);
    expect(stderr)
      .to.contain('Error USAGE: there is no command "predcit"')
      .and.to.contain('Did you mean rice predict?');
    expect([code, stdout]).to.deep.equal([2, '']);
  });

  const mistakes: [string[], string, RegExp, RegExp][] = [
    [['predcit'], 'USAGE', /no command "predcit"/, /rice predict\?/],
    [['predict', 'a', '--modle', 'b'], 'USAGE', /unknown flag --modle/, /--model\?/],
    [['predict'], 'USAGE', /missing argument PATHS/, /rice predict --help/],
    [['predict', 'a', '--device', 'cudaa'], 'USAGE', /--device: expected one of auto, cpu/, /mean cuda\?/],
    [['predict', 'a', '--threads', 'two'], 'USAGE', /^--threads: expected a whole number, got "two"$/, /--help/],
    [['predict', 'a', '--top-k', '0'], 'OUT_OF_RANGE', /^--top-k: 0 is out of range/, /./],
    [['predict', 'a', '--model'], 'USAGE', /--model expects a value/, /--help/],
    [['train', 'a', '--name', ''], 'USAGE', /^--name: expected a text that is not blank$/, /--help/],
    [['train', 'a', '--model-version', ' '], 'USAGE', /^--model-version: expected a text/, /--help/],
    [['evaluate', 'a', 'b'], 'USAGE', /unexpected argument: b/, /--help/],
    [['config', 'foo'], 'USAGE', /^unexpected argument: foo$/, /rice config --help/],
    [['predict', ''], 'USAGE', /got ""$/, /./],
    [['--jsno'], 'USAGE', /--jsno/, /--help/],
  ];
  for (const [args, code, message, suggestion] of mistakes) {
    it(`reports the error of ${args.join(' ')} with and without --json`, async () => {
      const text = await rice(args);
      expect(text.code).to.equal(2);
      expect(text.stdout).to.equal('');
      expect(text.stderr)
        .to.contain(`Error ${code}: `)
        .and.to.match(/^Try: /m);
      expect(text.stderr)
        .not.to.contain(ESCAPE)
        .and.not.to.match(/^ +at /m);
      const json = await rice(['--json', ...args].sort((a, b) => Number(a === '--json') - Number(b === '--json')));
      expect(json.code).to.equal(2);
      expect(json.stderr).to.equal('');
      const {error} = parseAs<Failure>('error', json.stdout);
      expect(error.code).to.equal(code);
      expect(error.message).to.match(message);
      expect(error.suggestions.join('\n')).to.match(suggestion);
    });
  }

  it('colors errors only on request', async () => {
    const forced = {FORCE_COLOR: '1'};
    expect((await rice(['predict', '--x'], {env: forced})).stderr).to.contain(ESCAPE);
    expect((await rice(['predict', '--x', '--no-color'], {env: forced})).stderr).not.to.contain(ESCAPE);
    expect((await rice(['nothing'], {env: forced})).stderr).to.contain(ESCAPE);
    expect((await rice(['nothing'], {env: {NO_COLOR: '1'}})).stderr).not.to.contain(ESCAPE);
  });

  it('ends silently if stdout is closed', async () => {
    const {code, stderr} = await rice(['config', '--json'], {closeStdout: true});
    expect([code, stderr]).to.deep.equal([0, '']);
  });

  it('reports a full disk behind stdout like any other error', async function () {
    if (!existsSync('/dev/full')) this.skip();
    const script = 'exec "$0" "$@" > /dev/full';
    const {status, stderr} = spawnSync('sh', ['-c', script, process.execPath, BIN, 'config'], {encoding: 'utf8'});
    expect(stderr).to.match(/^Error DISK_FULL: .*standard output\nTry: .*\n$/);
    expect(status).to.equal(2);
  });

  it('does not look for sources under NODE_ENV=development', async () => {
    const {stdout, stderr} = await rice(['config', '--json'], {env: {NODE_ENV: 'development'}});
    expect(stderr).to.equal('');
    parseAs('config', stdout);
  });

  it('prints the stack trace of an error only with DEBUG', async () => {
    const {stderr} = await rice(['predict', 'no-such-file.jpg'], {env: {DEBUG: 'rice'}});
    expect(stderr).to.match(/^ +at /m);
  });
});
