import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {type Classified, classifyFiles} from '../../src/cli/classify-files.ts';
import {readPicture} from '../../src/dataset/read-file.ts';
import {RiceError} from '../../src/errors.ts';
import {temporaryFolder} from './rice.ts';

async function collect<T>(answers: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const answer of answers) all.push(answer);
  return all;
}

describe('classify files', () => {
  const folder = temporaryFolder();
  const sizes: number[] = [];
  const byLength = async (images: Uint8Array[]) => {
    sizes.push(images.length);
    return images.map(({length}) => (length === 3 ? new RiceError('IMAGE_CORRUPT', 'three') : length));
  };
  const brief = ({result}: Classified<number>) => (result instanceof RiceError ? result.code : result);

  it('answers in order, with errors in their places', async () => {
    const paths = [1, 2, 3, 4, 5].map((length) => join(folder(), `${length}`));
    for (const [index, path] of paths.entries()) writeFileSync(path, 'x'.repeat(index + 1));
    paths.splice(0, 0, join(folder(), 'missing'));
    const answers = await collect(classifyFiles(paths, byLength, 2, readPicture));
    expect(answers.map(({path}) => path)).to.deep.equal(paths);
    expect(answers.map(brief)).to.deep.equal(['PATH_NOT_FOUND', 1, 2, 'IMAGE_CORRUPT', 4, 5]);
    expect(sizes).to.deep.equal([1, 2, 2]);
  });

  it('hands out what is done before it fails', async () => {
    const paths = [1, 2].map((length) => join(folder(), `${length}`));
    let calls = 0;
    const failing = async () => {
      if (calls++ > 0) throw new Error('device lost');
      return [7];
    };
    const answers = classifyFiles<number>(paths, failing, 1, readPicture);
    expect((await answers.next()).value?.result).to.equal(7);
    let failure: unknown;
    await answers.next().catch((error: unknown) => {
      failure = error;
    });
    expect(failure).to.have.property('message', 'device lost');
  });
});
