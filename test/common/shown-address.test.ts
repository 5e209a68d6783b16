import {expect} from 'chai';
import {shownAddress} from '../../src/common/shown-address.ts';

describe('a URL as it is shown', () => {
  it('has no user and no password, also where it is not valid', () => {
    expect(shownAddress('https://ada:secret@host/a.jpg')).to.equal('https://host/a.jpg');
    expect(shownAddress('https://ada:se@cret@host/a.jpg')).to.equal('https://host/a.jpg');
    expect(shownAddress('https://token@host:99999/a.jpg')).to.equal('https://host:99999/a.jpg');
    expect(shownAddress('ftp://ada:secret@host')).to.equal('ftp://host');
    expect(shownAddress('https:/ada:secret@host')).to.equal('https:/host');
    expect(shownAddress('https://host/a@b.jpg?x=1@2')).to.equal('https://host/a@b.jpg?x=1@2');
  });

  it('has no tokens and signatures, but what tells pictures apart', () => {
    expect(shownAddress('https://h/a.jpg?id=7&token=abc&w=200')).to.equal('https://h/a.jpg?id=7&token=***&w=200');
    expect(shownAddress('https://h/a?X-Amz-Signature=ab&X-Amz-Credential=c%2Fd')).to.equal(
      'https://h/a?X-Amz-Signature=***&X-Amz-Credential=***',
    );
    expect(shownAddress('https://h/a?sv=2024-01-01&sig=x%2By%3D')).to.equal('https://h/a?sv=2024-01-01&sig=***');
    expect(shownAddress('https://h/a?k=AbCdEfGhIjKlMnOpQr')).to.equal('https://h/a?k=***');
    expect(shownAddress('https://h/a#access_token=abc')).to.equal('https://h/a#access_token=***');
    expect(shownAddress('https://h/a.jpg?name=grain.jpg')).to.equal('https://h/a.jpg?name=grain.jpg');
  });
});
