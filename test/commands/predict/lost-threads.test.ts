import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {HAS_MODEL, rice, temporaryFolder} from '../../cli/rice.ts';
import {drawGrain, encodeJpeg} from '../../helpers/images.ts';

const PICTURES = 400;

describe('predict: a picture that ends its thread', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();

  before(function () {
    if (!HAS_MODEL) this.skip();
  });

  // No picture is known to do it: opening these does instead.
  const deaths: Record<string, string> = {
    'that exits': 'process.exit(3)',
    'that runs out of memory': 'for (const all = [];;) all.push(new Array(1000).fill({}))',
  };
  for (const [name, death] of Object.entries(deaths))
    it(`is named, and the others are answered: a thread ${name}`, async () => {
      const pictures = join(folder(), name.replaceAll(' ', '-'));
      mkdirSync(pictures);
      const jpeg = encodeJpeg(drawGrain({size: 60, length: 40, width: 14}));
      for (let i = 0; i < PICTURES; i++)
        writeFileSync(
          join(pictures, `${String(i).padStart(3, '0')}${i === 97 || i === 350 ? '-poison' : ''}.jpg`),
          jpeg,
        );
      const hook = `${pictures}.cjs`;
      writeFileSync(
        hook,
        `const fs = require('node:fs');
const {isMainThread} = require('node:worker_threads');
const open = fs.openSync;
fs.openSync = (path, ...rest) => {
  if (!isMainThread && String(path).includes('poison')) ${death};
  return open(path, ...rest);
};
require('node:module').syncBuiltinESMExports();
`,
      );
      const args = ['predict', pictures, '--threads', '2', '--format', 'ndjson', '--quiet'];
      const env = {NODE_OPTIONS: `--require=${hook} --max-old-space-size=128`};
      const {code, stdout, stderr} = await rice(args, {env});
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines, stderr).to.have.length(PICTURES);
      const failed = lines.filter((line) => line.code);
      expect(failed.map((line) => line.code)).to.deep.equal(['IMAGE_TOO_COSTLY', 'IMAGE_TOO_COSTLY']);
      expect(failed.every((line) => line.path.includes('poison'))).to.equal(true);
      expect(code).to.equal(1);
    });
});
