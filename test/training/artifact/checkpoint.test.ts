import {existsSync, readdirSync, readFileSync, utimesSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {
  type Progress,
  readProgress,
  readState,
  writeProgress,
  writeState,
} from '../../../src/training/artifact/checkpoint.ts';
import {lockFolder} from '../../../src/training/artifact/lock.ts';
import {MANIFEST_FILE, readManifest} from '../../../src/training/artifact/manifest.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';

const VECTORS = [
  {name: 'parameters', length: 3},
  {name: 'moment', length: 2},
];
const STATE = {parameters: Float32Array.of(1, -2, 0.1), moment: Float32Array.of(Number.MIN_VALUE, 3e38)};

function progressAt(step: number, stored: Progress['state'], best?: Progress['best']): Progress {
  const epoch = {loss: 1.5, correct: 3, labelled: 8, images: 8};
  return {step, epoch, history: [], state: stored, device: 'cpu', finished: false, ...(best ? {best} : {})};
}

function errorOf(act: () => unknown): RiceError {
  try {
    act();
  } catch (error) {
    if (error instanceof RiceError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('training: checkpoint', () => {
  const folder = useTemporaryFolder();

  it('reads back the same bits', () => {
    const stored = writeState(folder(), 'state-1.bin', STATE);
    expect(readState(folder(), stored, VECTORS)).to.deep.equal(STATE);
    const progress = progressAt(1, stored);
    writeProgress(folder(), progress);
    expect(readProgress(folder())).to.deep.equal(progress);
  });

  it('stores little-endian float32, one vector after the other', () => {
    writeState(folder(), 'state-1.bin', {a: Float32Array.of(1), b: Float32Array.of(-2).subarray(0)});
    expect(readFileSync(join(folder(), 'state-1.bin')).toString('hex')).to.equal('0000803f000000c0');
  });

  it('stores the part of a buffer that a vector covers', () => {
    const stored = writeState(folder(), 'state-1.bin', {a: Float32Array.of(9, 1, 2, 9).subarray(1, 3)});
    expect(readState(folder(), stored, [{name: 'a', length: 2}]).a).to.deep.equal(Float32Array.of(1, 2));
  });

  it('has no progress before any was written', () => {
    expect(readProgress(folder())).to.equal(undefined);
  });

  it('keeps only the files of the last checkpoint and of the best epoch', () => {
    const first = writeState(folder(), 'state-1.bin', STATE);
    writeProgress(folder(), progressAt(1, first));
    const best = {...writeState(folder(), 'best-1.bin', STATE), epoch: 1, accuracy: 1, loss: 0};
    writeFileSync(join(folder(), 'notes-1.bin'), 'of somebody');
    const second = writeState(folder(), 'state-2.bin', STATE);
    expect(readdirSync(folder())).to.include.members(['state-1.bin', 'state-2.bin']);
    writeProgress(folder(), progressAt(2, second, best));
    expect(readdirSync(folder()).sort()).to.deep.equal(['best-1.bin', 'notes-1.bin', 'progress.json', 'state-2.bin']);
  });

  it('keeps the old checkpoint if a kill interrupted writing the new one', () => {
    const stored = writeState(folder(), 'state-1.bin', STATE);
    writeProgress(folder(), progressAt(1, stored));
    // A kill can happen in the vectors, between them and progress.json, or in progress.json.
    writeFileSync(join(folder(), 'state-2.bin.99.tmp'), 'ha');
    writeState(folder(), 'state-2.bin', {parameters: Float32Array.of(7, 7, 7), moment: Float32Array.of(7, 7)});
    writeFileSync(join(folder(), 'progress.json.99.tmp'), '{"step": 2, "sta');
    const progress = readProgress(folder())!;
    expect(progress.step).to.equal(1);
    expect(readState(folder(), progress.state, VECTORS)).to.deep.equal(STATE);
  });

  it('rejects vectors that are missing, changed or truncated', () => {
    const stored = writeState(folder(), 'state-1.bin', STATE);
    const path = join(folder(), 'state-1.bin');
    const bytes = readFileSync(path);
    expect(errorOf(() => readState(folder(), {...stored, file: 'state-9.bin'}, VECTORS)).code).to.equal('RUN_DAMAGED');
    for (const damaged of [bytes.subarray(0, 8), Buffer.from(bytes).fill(1, 3, 4), Buffer.alloc(0)]) {
      writeFileSync(path, damaged);
      const {code, message} = errorOf(() => readState(folder(), stored, VECTORS));
      expect(code).to.equal('RUN_DAMAGED');
      expect(message).to.include('state-1.bin').and.include('was changed');
    }
  });

  it('rejects a progress.json that is not JSON', () => {
    writeFileSync(join(folder(), 'progress.json'), '{"step": ');
    expect(errorOf(() => readProgress(folder()))).to.include({code: 'RUN_DAMAGED'});
  });
});

describe('training: lock', () => {
  const folder = useTemporaryFolder();
  const lockFile = () => join(folder(), 'lock.json');

  it('is held by one process at a time', () => {
    const release = lockFolder(folder());
    const {code, message} = errorOf(() => lockFolder(folder()));
    expect(code).to.equal('RUN_BUSY');
    expect(message).to.include(`process ${process.pid} `).and.include(folder());
    release();
    expect(existsSync(lockFile())).to.equal(false);
    lockFolder(folder())();
  });

  it('is held while its owner has not written its name yet', () => {
    writeFileSync(lockFile(), '');
    expect(errorOf(() => lockFolder(folder())).code).to.equal('RUN_BUSY');
  });

  it('is taken over from a process that no longer exists, and if its content is invalid', () => {
    // Above the largest process id of any system.
    for (const left of [JSON.stringify({pid: 2 ** 30, host: hostname()}), '', '{"pid": ']) {
      writeFileSync(lockFile(), left);
      utimesSync(lockFile(), 0, 0);
      const release = lockFolder(folder());
      expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).to.deep.equal({pid: process.pid, host: hostname()});
      release();
    }
  });

  it('is not taken over from another machine, whose processes cannot be checked', () => {
    writeFileSync(lockFile(), JSON.stringify({pid: 2 ** 30, host: `not-${hostname()}`}));
    expect(errorOf(() => lockFolder(folder())).code).to.equal('RUN_BUSY');
  });

  it('needs a folder', () => {
    expect(errorOf(() => lockFolder(join(folder(), 'none'))).code).to.equal('RUN_NOT_FOUND');
  });
});

describe('training: manifest', () => {
  const folder = useTemporaryFolder();

  it('reads the names of two settings from rice 1', () => {
    const augmentation = {colour: 0.15, recoloured: 0.55, gamma: 0.25};
    writeFileSync(join(folder(), MANIFEST_FILE), JSON.stringify({format: 2, augmentation}));
    expect(readManifest(folder()).augmentation).to.deep.equal({color: 0.15, recolored: 0.55, gamma: 0.25});
  });

  it('must exist and be valid', () => {
    expect(errorOf(() => readManifest(folder())).code).to.equal('RUN_NOT_FOUND');
    for (const text of ['', '{', 'null', '[]', '{"format": 1}']) {
      writeFileSync(join(folder(), MANIFEST_FILE), text);
      expect(errorOf(() => readManifest(folder())).code, text).to.equal('RUN_DAMAGED');
    }
  });
});
