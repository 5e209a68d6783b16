import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {packageVersion} from '../../src/common/package-root.ts';
import {HAS_MODEL, ROOT, rice} from '../cli/rice.ts';

const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');

describe('the version', () => {
  it('is the same in the package, its lock file and on the command line', async () => {
    const {version} = JSON.parse(read('package.json')) as {version: string};
    const lock = JSON.parse(read('package-lock.json'));
    expect([lock.version, lock.packages[''].version, packageVersion()]).to.deep.equal([version, version, version]);
    expect((await rice(['--version'])).stdout).to.match(new RegExp(`^rice/${version} `));
  });

  it('has its section in the changelog, first', () => {
    expect(/^## \[(.*?)\]/m.exec(read('CHANGELOG.md'))?.[1]).to.equal(packageVersion());
  });

  it('is that of the images in the files for running rice elsewhere', () => {
    const images = ['deploy', 'jobs'].flatMap((folder) =>
      readdirSync(join(ROOT, 'docs', folder))
        .filter((name) => name.endsWith('.yaml'))
        .flatMap((name) => [...read('docs', folder, name).matchAll(/image: \S*\/rice(?:-train)?:(\S+)/g)]),
    );
    expect(images.map(([, tag]) => tag)).to.deep.equal(images.map(() => packageVersion()));
    expect(images).to.have.length.of.at.least(4);
  });

  it('of the shipped model is one that the changelog knows', async function () {
    if (!HAS_MODEL) this.skip();
    const {stdout} = await rice(['predict', join(ROOT, 'test/samples/basmati-1.jpg'), '--json']);
    const {name, version} = JSON.parse(stdout).model as {name: string; version: string};
    expect(name).to.equal('rice');
    // The model of a version is made before the version is done.
    expect(read('CHANGELOG.md')).to.match(new RegExp(`\n## \\[${version.replaceAll('.', '\\.')}(-dev)?\\]`));
  });
});
