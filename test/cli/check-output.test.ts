import {copyFileSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';

import {ROOT, rice, temporaryFolder} from './rice.ts';

describe('--output', () => {
  const folder = temporaryFolder();
  const sample = join(ROOT, 'test', 'samples', 'basmati-1.jpg');

  for (const command of ['predict', 'scan'])
    it(`of ${command} does not replace a picture that is read`, async () => {
      const picture = join(folder(), `${command}.jpg`);
      copyFileSync(sample, picture);
      const {code, stdout, stderr} = await rice([command, picture, '--json', '--output', picture]);
      expect(code).to.equal(2);
      expect(stdout + stderr).to.include('would be replaced');
      expect(readFileSync(picture).equals(readFileSync(sample))).to.equal(true);
    });
});
