import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {openFileTracker} from '../../src/tracking/open-file-tracker.ts';
import {crc32c, maskedCrc32c} from '../../src/tracking/tensorboard/masked-crc32c.ts';
import {temporaryFolder} from '../cli/rice.ts';
import {fieldsOf, type WireFields} from '../helpers/wire-fields.ts';
import {START, trainingEvents} from './events.ts';

/** Splits a file into its records by their stated lengths, and checks both sums of each. */
function recordsOf(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 8)).to.equal(maskedCrc32c(bytes.subarray(at, at + 8)));
    expect(bytes.readUInt32LE(at + 12 + length)).to.equal(maskedCrc32c(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

const double = (bytes: Buffer) => bytes.readDoubleLE();
const text = (fields: WireFields, number: number) => fields[number]?.[0].toString();

describe('tracking: TensorBoard', () => {
  const folder = temporaryFolder();

  it('computes the sum of the standard, and masks it as TensorFlow does', () => {
    // RFC 3720, appendix B.4, and the example that is usual for CRCs.
    expect(crc32c(Buffer.from('123456789'))).to.equal(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).to.equal(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 255))).to.equal(0x62a8ab43);
    // The header of an event file that TensorBoard 2.21 wrote: a record of 24 bytes.
    expect(maskedCrc32c(Buffer.from('1800000000000000', 'hex'))).to.equal(
      Buffer.from('a37f4b22', 'hex').readUInt32LE(),
    );
  });

  it('writes every value at its step, and one file however often a run goes on', () => {
    const events = trainingEvents(folder(), ['tensorboard']);
    const unfinished = openFileTracker('tensorboard', events.slice(0, 5), {})!;
    unfinished.close();
    const tracker = openFileTracker('tensorboard', events, {})!;
    tracker.close();
    const files = readdirSync(tracker.place).filter((name) => name.includes('tfevents'));
    expect(files).to.have.length(1);
    expect(files[0]).to.match(new RegExp(`^events\\.out\\.tfevents\\.${START / 1000}\\.`));

    const records = recordsOf(readFileSync(join(tracker.place, files[0]))).map(fieldsOf);
    expect(text(records[0], 3)).to.equal('brain.Event:2');
    const values = records.slice(1).flatMap((record) =>
      fieldsOf(record[5][0])[1].map((bytes) => {
        const value = fieldsOf(bytes);
        return {tag: text(value, 1)!, step: Number(record[2][0]), time: double(record[1][0] as Buffer), value};
      }),
    );
    const scalars = values.filter(({value}) => value[2]);
    const at = (tag: string) =>
      scalars.filter((each) => each.tag === tag).map(({step, value}) => [step, (value[2][0] as Buffer).readFloatLE()]);
    expect(at('val/accuracy')).to.deep.equal([
      [1, 0.25],
      [2, 0.5],
    ]);
    expect(at('test/accuracy')).to.deep.equal([[2, 0.75]]);
    expect(scalars.find(({tag}) => tag === 'train/loss')?.time).to.equal((START + 4000) / 1000);

    const histogram = fieldsOf(values.find(({tag}) => tag === 'weights/a')!.value[5][0]);
    expect([1, 2, 3, 4].map((field) => double(histogram[field][0] as Buffer))).to.deep.equal([-1, 1, 4, 1]);
    const packed = (field: number) => new Float64Array(Uint8Array.from(histogram[field][0] as Buffer).buffer);
    expect([...packed(6)]).to.deep.equal([-0.5, 0, 0.5, 1]);
    expect([...packed(7)]).to.deep.equal([1, 0, 1, 2]);

    const image = fieldsOf(values.find(({tag}) => tag === 'mistakes/A taken for B')!.value[4][0]);
    expect([image[1][0], image[2][0], image[3][0]].map(Number)).to.deep.equal([2, 4, 3]);
    expect((image[4][0] as Buffer).subarray(1, 4).toString()).to.equal('PNG');

    const plugins = values.filter(({tag}) => tag.startsWith('_hparams_/')).map(({tag}) => tag);
    expect(plugins).to.deep.equal([
      '_hparams_/experiment',
      '_hparams_/session_start_info',
      '_hparams_/session_end_info',
    ]);
  });
});
