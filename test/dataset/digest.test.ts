import {execFileSync, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {packageRoot} from '../../src/common/package-root.ts';
import {directoryDigest, dvcTree, hashBytes} from '../../src/dataset/digest.ts';
import {hashDataset} from '../../src/dataset/hash-dataset.ts';
import {scanDataset} from '../../src/dataset/scan.ts';
import {useTemporaryFolder, writeTree} from './fixtures.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const sample = join(packageRoot(), '..', 'shared', 'data', 'sample');

/** DVC's tree digest of the images in a folder, computed by Python. */
const PYTHON_DIGEST = `
import hashlib, json, os, sys
root = sys.argv[1]
entries = []
for folder, _, names in os.walk(root):
    for name in names:
        path = os.path.join(folder, name)
        relpath = os.path.relpath(path, root).replace(os.sep, "/")
        if "/" in relpath:
            entries.append({"md5": hashlib.md5(open(path, "rb").read()).hexdigest(), "relpath": relpath})
entries.sort(key=lambda entry: entry["relpath"])
print(hashlib.md5(json.dumps(entries, sort_keys=True).encode()).hexdigest() + ".dir")
`;

describe('directoryDigest', () => {
  it("matches DVC's golden vector in any order", () => {
    const entries = [
      {path: 'index.jpeg', md5: '402e97968614f583ece3b35555971f64'},
      {path: 'cat.jpeg', md5: 'de7371b0119f4f75f9de703c7c3bac16'},
    ];
    expect(directoryDigest(entries)).to.equal('6fdb5336fce0dbfd669f83065f107551.dir');
    expect(directoryDigest(entries.reverse())).to.equal('6fdb5336fce0dbfd669f83065f107551.dir');
  });

  it('escapes and sorts names like Python', function () {
    if (!hasPython) this.skip();
    const names = [
      '\u{1f33e}.jpg',
      '\uffee.jpg',
      'é"\\\t\n\b\f\r\u0001\u007f/.jpg',
      'A b/c.jpg',
      'A/c.jpg',
      "'<&>.jpg",
    ];
    const program =
      'import json, sys; l = sorted(json.load(sys.stdin)); ' +
      'sys.stdout.write(json.dumps([{"md5": "0", "relpath": n} for n in l], sort_keys=True))';
    const expected = execFileSync('python3', ['-c', program], {input: JSON.stringify(names), encoding: 'utf8'});
    expect(dvcTree(names.map((path) => ({path, md5: '0'})))).to.equal(expected);
  });

  it('uses the same hashes as the system library', () => {
    const bytes = Buffer.from('rice');
    const of = (name: string) => createHash(name).update(bytes).digest('hex');
    expect(hashBytes(bytes)).to.deep.equal({sha256: of('sha256'), md5: of('md5')});
    expect(hashBytes(new Uint8Array())).to.deep.equal({
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
    });
  });

  describe('for whole folders', () => {
    const temporary = useTemporaryFolder();

    it('matches a Python program', async function () {
      if (!hasPython) this.skip();
      writeTree(temporary(), {'Ü/ä.jpg': '1', 'Ü/b (1).jpg': '22', 'U/\u{1f33e}.png': '333', 'readme.txt': 'x'});
      const {digest} = await hashDataset(scanDataset(temporary()));
      const python = execFileSync('python3', ['-c', PYTHON_DIGEST, temporary()], {encoding: 'utf8'});
      expect(digest).to.equal(python.trim());
    });

    it('matches a Python program for the sample of real images (needs ../shared/data/sample)', async function () {
      if (!hasPython || !existsSync(sample)) this.skip();
      const {digest} = await hashDataset(scanDataset(sample));
      const python = execFileSync('python3', ['-c', PYTHON_DIGEST, sample], {encoding: 'utf8'});
      expect(digest).to.equal(python.trim());
    });
  });
});
