import {expect} from 'chai';
import {printNotice} from '../../src/cli/print-error.ts';
import {printable} from '../../src/cli/printable.ts';

describe('printable', () => {
  it('escapes control characters and keeps the letters of all scripts', () => {
    expect(printable('a\n\u001b[31m\t\r\u0007\u009b.jpg')).to.equal('a\\n\\x1b[31m\\t\\r\\x07\\x9b.jpg');
    expect(printable('büro 米 🍚.jpg')).to.equal('büro 米 🍚.jpg');
  });

  it('is applied to notices', () => {
    let text = '';
    const write = (part: string) => {
      text += part;
    };
    printNotice('a\n\u001b[2Jb.jpg: damaged', {kind: 'Error', noColor: true, stream: {write}});
    expect(text).to.equal('Error a\\n\\x1b[2Jb.jpg: damaged\n');
  });
});
