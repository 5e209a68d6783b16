import {expect} from 'chai';
import {RiceError} from '../../../../src/common/errors.ts';
import {parseBucketAddress} from '../../../../src/fetching/sources/cloud-storage/address.ts';

describe('the address of a bucket', () => {
  it('has a bucket and a prefix', () => {
    const parse = (address: string) => {
      const {bucket, prefix, name} = parseBucketAddress(address);
      return [bucket, prefix, name];
    };
    expect(parse('gs://rice')).to.deep.equal(['rice', '', 'gs://rice']);
    expect(parse('gs://rice/')).to.deep.equal(['rice', '', 'gs://rice']);
    expect(parse('gs://my.rice_1/a/b c/')).to.deep.equal(['my.rice_1', 'a/b c', 'gs://my.rice_1/a/b c']);
    expect(parse('gs://rice/a#1?x=%20/é.zip')).to.deep.equal(['rice', 'a#1?x=%20/é.zip', 'gs://rice/a#1?x=%20/é.zip']);
  });

  it('is rejected with the reason if it is invalid', () => {
    const reasons: [string, string][] = [
      ['s3://rice/a', 'gs://'],
      ['gs:/rice', 'gs://'],
      ['rice', 'gs://'],
      ['gs://', 'missing'],
      ['gs:///a', 'missing'],
      ['gs://Rice/a', '"Rice"'],
      ['gs://ri/a', '"ri"'],
      ['gs://user@rice', '"user@rice"'],
      ['gs://rice.', '"rice."'],
      ['gs://rice/a\nb', 'line break'],
      ['gs://rice/*.jpg', 'patterns'],
    ];
    for (const [address, reason] of reasons) {
      const error = refusal(address);
      expect(error.code, address).to.equal('USAGE');
      expect(error.message).to.include(reason);
      expect(error.suggestions[0]).to.include('gs://bucket/');
    }
  });
});

function refusal(address: string): RiceError {
  try {
    parseBucketAddress(address);
  } catch (error) {
    if (error instanceof RiceError) return error;
    throw error;
  }
  throw new Error(`${address} was accepted`);
}
