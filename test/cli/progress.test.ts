import {PassThrough} from 'node:stream';
import {setImmediate} from 'node:timers/promises';
import {stripVTControlCharacters} from 'node:util';
import {expect} from 'chai';
import {createProgress} from '../../src/cli/progress.ts';

function fakeStream(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), {isTTY, columns: 100});
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return {stream, text: () => stripVTControlCharacters(text)};
}

describe('progress', () => {
  const options = {label: 'evaluating', unit: 'pictures', total: 1000};

  it('writes a plain line every period without a terminal', () => {
    const {stream, text} = fakeStream(false);
    let time = 0;
    const progress = createProgress({...options, stream, period: 10_000, now: () => time});
    for (const done of [10, 100, 200]) {
      time += 5000;
      progress.update(done, 'loss 0.1');
    }
    progress.stop();
    expect(text()).to.equal('evaluating: 100 of 1,000 pictures (10%), 1 min 30 s left, loss 0.1\n');
  });

  it('prints nothing with quiet, or without a terminal and plainLines', () => {
    for (const silent of [{quiet: true}, {plainLines: false}]) {
      const {stream, text} = fakeStream(false);
      const progress = createProgress({...options, ...silent, stream, period: 0});
      progress.update(500);
      progress.stop();
      expect(text()).to.equal('');
    }
  });

  it('draws a bar on a terminal after the delay', async () => {
    const {stream, text} = fakeStream(true);
    let time = 0;
    const progress = createProgress({...options, stream: stream as never, now: () => time});
    time = 500;
    progress.update(100);
    await import('cli-progress');
    expect(text()).to.equal('');
    time = 3000;
    progress.update(300, 'loss 0.2');
    await import('cli-progress');
    await setImmediate();
    progress.stop();
    expect(text()).to.match(/evaluating .* 30% {2}300\/1000 pictures {2}7\.0 s left {2}loss 0\.2/);
  });

  it('draws nothing if the work ends while the bar is being loaded', async () => {
    const {stream, text} = fakeStream(true);
    const progress = createProgress({...options, stream: stream as never, delay: 0});
    progress.update(1);
    progress.stop();
    await import('cli-progress');
    await setImmediate();
    expect(text()).to.equal('');
  });
});
