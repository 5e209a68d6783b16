import {spawnSync} from 'node:child_process';
import {lchownSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {dirname, join} from 'node:path';
import {expect} from 'chai';
import {BIN, ROOT, rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';

interface Resolved {
  settings: {name: string; value: unknown; origin: string}[];
  files: {path: string; scope: string}[];
  warnings: string[];
}

describe('rice config', () => {
  const folder = temporaryFolder();
  let home: string;
  let project: string;
  let next = 0;
  beforeEach(() => {
    home = join(folder(), `home${next}`);
    project = join(home, `project${next++}`);
    mkdirSync(join(project, 'deep', 'er'), {recursive: true});
    mkdirSync(join(home, '.config', 'rice'), {recursive: true});
  });

  const write = (path: string, content: unknown) =>
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  const resolve = async (env: Record<string, string> = {}, cwd = project, args: string[] = []) => {
    const {code, stdout, stderr} = await rice(['config', '--json', ...args], {cwd, env: {HOME: home, ...env}});
    expect([code, stderr], stdout).to.deep.equal([0, '']);
    const resolved = parseAs<Resolved>('config', stdout);
    const of = (name: string) => {
      const {value, origin} = resolved.settings.find((setting) => setting.name === name) ?? {};
      return [value, origin];
    };
    return {...resolved, of};
  };
  const fail = async (env: Record<string, string> = {}) => {
    const {code, stdout} = await rice(['config', '--json'], {cwd: project, env: {HOME: home, ...env}});
    expect(code).to.equal(2);
    const {error} = parseAs<{error: {code: string; message: string; suggestions: string[]}}>('error', stdout);
    expect(error.code).to.equal('CONFIG_INVALID');
    return error;
  };

  it('shows the defaults if nothing is set', async () => {
    const {of, files} = await resolve();
    expect(of('device')).to.deep.equal(['auto', 'default']);
    expect(of('model')).to.deep.equal([null, 'default']);
    expect(of('quiet')).to.deep.equal([false, 'default']);
    expect(of('predict.topK')).to.deep.equal([1, 'default']);
    expect(files).to.deep.equal([]);
  });

  it('prefers environment to project file to user file to default', async () => {
    const user = join(home, '.config', 'rice', 'config.yaml');
    const own = join(project, '.ricerc');
    write(user, 'device: cuda\nthreads: 2\nmaxPixels: 7\n');
    write(own, 'device: webgpu\nthreads: 3\n');
    const {of, files} = await resolve({RICE_DEVICE: 'cpu'});
    expect(of('device')).to.deep.equal(['cpu', 'environment RICE_DEVICE']);
    expect(of('threads')).to.deep.equal([3, `file ${own}`]);
    expect(of('maxPixels')).to.deep.equal([7, `file ${user}`]);
    expect(files).to.deep.equal([
      {path: own, scope: 'project'},
      {path: user, scope: 'user'},
    ]);
  });

  it('prefers a flag to everything else', async () => {
    write(join(project, '.ricerc'), 'quiet: true');
    const {of} = await resolve({RICE_QUIET: 'true'}, project, ['--quiet']);
    expect(of('quiet')).to.deep.equal([true, 'environment RICE_QUIET']);
    const {code, stdout} = await rice(['predict', 'x', '--device', 'nonsense', '--json'], {
      cwd: project,
      env: {HOME: home, RICE_DEVICE: 'cuda'},
    });
    expect(code).to.equal(2);
    expect(JSON.parse(stdout).error.message).to.contain('nonsense');
  });

  it('lets a command differ from the shared settings', async () => {
    const own = join(project, 'rice.config.json');
    write(own, {device: 'cpu', predict: {device: 'cuda', topK: 3, recursive: true}});
    const {of} = await resolve({RICE_PREDICT_BATCH_SIZE: '8'});
    expect(of('device')).to.deep.equal(['cpu', `file ${own}`]);
    expect(of('predict.device')).to.deep.equal(['cuda', `file ${own}`]);
    expect(of('predict.topK')).to.deep.equal([3, `file ${own}`]);
    expect(of('predict.recursive')).to.deep.equal([true, `file ${own}`]);
    expect(of('predict.batchSize')).to.deep.equal([8, 'environment RICE_PREDICT_BATCH_SIZE']);
    expect(of('evaluate.device')).to.deep.equal([undefined, undefined]);
  });

  it('finds every kind of file, also in a parent folder, with paths relative to the file', async () => {
    const deep = join(project, 'deep', 'er');
    const places = ['.ricerc', '.ricerc.json', '.ricerc.yaml', '.ricerc.yml', 'rice.config.json', 'package.json'];
    for (const [index, place] of places.entries()) {
      const at = join(project, `place${index}`);
      const below = join(at, 'below');
      mkdirSync(below, {recursive: true});
      const content = {model: 'my/model.onnx'};
      write(join(at, place), place === 'package.json' ? {name: 'x', rice: content} : content);
      const {of} = await resolve({}, below);
      expect(of('model'), place).to.deep.equal([join(at, 'my', 'model.onnx'), `file ${join(at, place)}`]);
    }
    expect((await resolve({}, deep)).files).to.deep.equal([]);
  });

  it('ignores a package.json without rice settings, and stops at the root of the repository', async () => {
    write(join(project, '.ricerc'), 'threads: 4');
    write(join(project, 'deep', 'package.json'), {name: 'rice', version: '1.0.0'});
    expect((await resolve({}, join(project, 'deep', 'er'))).of('threads')[0]).to.equal(4);
    mkdirSync(join(project, 'deep', '.git'));
    expect((await resolve({}, join(project, 'deep', 'er'))).of('threads')[1]).to.equal('default');
  });

  it('searches only the folder itself outside of a repository and the home folder', async () => {
    const elsewhere = {HOME: join(folder(), 'nobody')};
    write(join(project, '.ricerc'), 'threads: 4');
    expect((await resolve(elsewhere)).of('threads')[0]).to.equal(4);
    expect((await resolve(elsewhere, join(project, 'deep', 'er'))).of('threads')[1]).to.equal('default');
    mkdirSync(join(project, '.git'));
    expect((await resolve(elsewhere, join(project, 'deep', 'er'))).of('threads')[0]).to.equal(4);
  });

  it('ignores a file of another user, and a link by one', async function () {
    // Only root can give a file to another user.
    if (process.getuid?.() !== 0) this.skip();
    const own = join(project, 'deep', 'own.yaml');
    write(own, 'threads: 4');
    for (const place of [join(project, '.ricerc'), join(project, 'deep', '.ricerc')]) {
      if (place.includes('deep')) symlinkSync(own, place);
      else write(place, 'threads: 4');
      lchownSync(place, 12345, 12345);
      const {of, warnings} = await resolve({}, dirname(place));
      expect(of('threads')).to.deep.equal([availableParallelism(), 'default']);
      expect(warnings).to.include(`${place} is ignored: it belongs to another user (id 12345)`);
      expect((await resolve({SUDO_UID: '12345'}, dirname(place))).of('threads')[0]).to.equal(4);
    }
  });

  it('names the file in a parent folder that a command takes settings from', async () => {
    write(join(project, '.ricerc'), 'device: cpu');
    const run = async (cwd: string, ...args: string[]) =>
      (await rice(['predict', 'none.jpg', ...args], {cwd, env: {HOME: home}})).stderr;
    const told = `Warning: device as ${join(project, '.ricerc')} says\n`;
    expect(await run(join(project, 'deep'))).to.match(new RegExp(`^${told}Error`));
    expect(await run(join(project, 'deep'), '--quiet')).to.match(/^Error/);
    expect(await run(join(project, 'deep'), '--device', 'cpu')).to.match(/^Error/);
    expect(await run(project)).to.match(/^Error/);
  });

  it('finds the user file below XDG_CONFIG_HOME', async () => {
    mkdirSync(join(home, 'xdg', 'rice'), {recursive: true});
    write(join(home, 'xdg', 'rice', 'config.json'), {threads: 5});
    expect((await resolve({XDG_CONFIG_HOME: join(home, 'xdg')})).of('threads')[0]).to.equal(5);
  });

  it('never executes a file', async () => {
    mkdirSync(join(project, '.config'));
    const trap = `require('fs').writeFileSync(${JSON.stringify(join(project, 'ran'))}, ''); module.exports = {}`;
    for (const name of ['.config/config.js', '.config/config.cjs', '.ricerc.js', '.ricerc.cjs', 'rice.config.js'])
      write(join(project, name), trap);
    write(join(project, '.ricerc'), 'threads: 4');
    expect((await resolve()).of('threads')[0]).to.equal(4);
    const {existsSync} = await import('node:fs');
    expect(existsSync(join(project, 'ran'))).to.equal(false);
  });

  it('rejects unknown keys with a suggestion', async () => {
    const own = join(project, '.ricerc');
    write(own, 'devise: cpu');
    const top = await fail();
    expect(top.message).to.equal(`${own}: unknown key devise`);
    expect(top.suggestions[0]).to.equal('Did you mean device?');
    write(own, 'predict: {topk: 3}');
    const inner = await fail();
    expect(inner.message).to.equal(`${own}: unknown key predict.topk`);
    expect(inner.suggestions[0]).to.equal('Did you mean predict.topK?');
    write(own, 'topK: 3');
    expect((await fail()).suggestions[0]).to.contain('predict.topK');
    write(own, 'predict: 3');
    expect((await fail()).message).to.contain('predict');
  });

  it('rejects wrong types, naming the file and the key', async () => {
    const own = join(project, '.ricerc.json');
    const cases: [object, string][] = [
      [{threads: 'two'}, 'threads: expected a whole number, got "two"'],
      [{threads: '2'}, 'threads: expected a number, got "2"'],
      [{model: 5}, 'model: expected text, got 5'],
      [{quiet: 'yes'}, 'quiet: expected true or false, got "yes"'],
      [{device: ['cpu']}, 'device: expected text or a number, got ["cpu"]'],
      [{device: 'gpu'}, 'device: expected one of auto, cpu, cuda, webgpu, dml, got "gpu"'],
      [{predict: {topK: 0}}, 'predict.topK: 0 is out of range: it must be at least 1'],
    ];
    for (const [content, message] of cases) {
      write(own, content);
      expect((await fail()).message).to.equal(`${own}: ${message}`);
    }
  });

  it('rejects invalid files and variables', async () => {
    write(join(project, '.ricerc.json'), '{"threads": }');
    expect((await fail()).message).to.contain('.ricerc.json cannot be parsed');
    write(join(project, '.ricerc.json'), '[]');
    expect((await fail()).message).to.contain('must contain names and values');
    write(join(project, '.ricerc.json'), '');
    expect((await fail({RICE_THREADS: 'many'})).message).to.equal('RICE_THREADS: expected a whole number, got "many"');
    expect((await fail({RICE_QUIET: 'maybe'})).message).to.contain('RICE_QUIET: expected true or false');
  });

  it('says in which line YAML breaks off', async () => {
    const own = join(project, '.ricerc');
    const cases: [string, RegExp][] = [
      ['device: cpu\nthreads: 1: 2\n', /\(2:11\)$/],
      ['device: cpu\ndevice: cuda\n', /duplicated mapping key \(2:1\)$/],
      ['predict:\n\ttopK: 1\n', /tab .* \(2:1\)$/],
      ['threads: !!js/function x\n', /unknown tag .* \(1:\d+\)$/],
      ['threads: 1\n---\nthreads: 2\n', /single document/],
    ];
    for (const [text, reason] of cases) {
      write(own, text);
      const {message} = await fail();
      expect(message.startsWith(`${own} cannot be parsed: `), message).to.equal(true);
      expect(message).to.match(reason);
    }
  });

  it('takes words and numbers of YAML as version 1.2 does, and keys that are merged', async () => {
    const own = join(project, '.ricerc');
    write(own, 'quiet: yes');
    expect((await fail()).message).to.equal(`${own}: quiet: expected true or false, got "yes"`);
    write(own, '# nothing is set\n');
    expect((await resolve()).of('threads')).to.deep.equal([availableParallelism(), 'default']);
    write(own, 'threads: 010\nmaxPixels: 0x10\npredict: &few {topK: 0o10}\nevaluate:\n  <<: *few\n');
    const {message} = await fail();
    expect(message).to.contain('evaluate.topK');
    write(own, 'threads: 010\nmaxPixels: 0x10\npredict: {topK: 0o10}\n');
    const {of} = await resolve();
    expect([of('threads')[0], of('maxPixels')[0], of('predict.topK')[0]]).to.deep.equal([10, 16, 8]);
  });

  it('warns about an unknown variable', async () => {
    const cases = [
      ['RICE_PREDICT_TOPK', 'RICE_PREDICT_TOP_K'],
      ['RICE_TOPK', 'RICE_PREDICT_TOP_K'],
      ['RICE_TOP_K', 'RICE_PREDICT_TOP_K'],
      ['RICE_MAXPIXELS', 'RICE_MAX_PIXELS'],
      [
        'RICE_BATCH_SIZE',
        'RICE_BENCHMARK_BATCH_SIZE or RICE_EVALUATE_BATCH_SIZE or RICE_PREDICT_BATCH_SIZE or RICE_TRAIN_BATCH_SIZE',
      ],
    ];
    for (const [name, meant] of cases)
      expect((await resolve({[name]: '3'})).warnings).to.deep.equal([
        `${name} is set, but no setting has this name: did you mean ${meant}?`,
      ]);
    expect((await resolve({RICE_PREDICT_NONSENSE: '3', RICE_COOKER: 'on'})).warnings).to.deep.equal([
      'RICE_PREDICT_NONSENSE is set, but no setting has this name',
    ]);
    const {stderr, stdout} = await rice(['config'], {cwd: project, env: {HOME: home, RICE_PREDICT_TOPK: '3'}});
    expect(stderr).to.contain('Warning: RICE_PREDICT_TOPK');
    expect(stdout).to.match(/^device +auto +default$/m);
  });

  it('ignores the variables by which Kubernetes describes a Service of a similar name', async () => {
    const links = {
      RICE_SERVE_PORT: 'tcp://10.0.0.7:80',
      RICE_SERVE_SERVICE_HOST: '10.0.0.7',
      RICE_SERVE_SERVICE_PORT: '80',
      RICE_SERVE_SERVICE_PORT_HTTP: '80',
      RICE_SERVE_PORT_80_TCP: 'tcp://10.0.0.7:80',
      RICE_SERVE_PORT_80_TCP_PROTO: 'tcp',
      RICE_SERVE_PORT_80_TCP_PORT: '80',
      RICE_SERVE_PORT_80_TCP_ADDR: '10.0.0.7',
      RICE_PORT: 'udp://10.0.0.7:53',
    };
    const {of, warnings} = await resolve(links);
    expect(warnings).to.deep.equal([]);
    expect(of('serve.port')[1]).to.equal('default');
    expect((await resolve({RICE_SERVE_PORT: '9000'})).of('serve.port')).to.deep.equal([
      9000,
      'environment RICE_SERVE_PORT',
    ]);
  });

  it('runs no plugin that lies in the data folder, and says nothing of a home that cannot be read', async () => {
    const data = join(project, 'data', 'rice');
    mkdirSync(join(data, 'plugin', 'commands'), {recursive: true});
    write(join(data, 'package.json'), {
      oclif: {schema: 1, plugins: [{name: 'plugin', type: 'link', root: join(data, 'plugin')}]},
    });
    write(join(data, 'plugin', 'package.json'), {
      name: 'plugin',
      version: '1.0.0',
      type: 'commonjs',
      oclif: {hooks: {init: './hook.js'}, commands: './commands'},
      files: [],
    });
    write(join(data, 'plugin', 'hook.js'), "module.exports = async () => process.stderr.write('it ran')");
    await resolve({XDG_DATA_HOME: join(project, 'data')});
    const nowhere = await rice(['config', '--quiet'], {cwd: project, env: {HOME: '/dev/null'}});
    expect([nowhere.code, nowhere.stderr]).to.deep.equal([0, '']);
  });

  it('works where the current folder was deleted', async function () {
    if (process.platform === 'win32') this.skip();
    const gone = join(project, 'gone');
    mkdirSync(gone);
    const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
    const run = (...args: string[]) =>
      spawnSync('sh', ['-c', `mkdir -p "$1"; ${script}`, 'sh', gone, process.execPath, BIN, ...args], {
        encoding: 'utf8',
      });
    const shown = run('config', '--json');
    expect([shown.status, JSON.parse(shown.stdout).warnings]).to.deep.equal([0, []]);
    const trained = run('train', ROOT, '--json');
    expect(trained.status).to.equal(2);
    expect(JSON.parse(trained.stdout).error.code).to.equal('PATH_NOT_FOUND');
  });
});
