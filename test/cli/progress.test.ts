import {PassThrough} from 'node:stream';
import {setImmediate} from 'node:timers/promises';
import {stripVTControlCharacters} from 'node:util';
import {expect} from 'chai';
import {createProgress} from '../../src/cli/progress.ts';
import {displayWidth} from '../../src/cli/table.ts';

function fakeStream(isTTY: boolean, columns = 100) {
  const stream = Object.assign(new PassThrough(), {isTTY, columns});
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
      progress.update(done, ['loss 0.1']);
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
    progress.update(300, ['loss 0.2']);
    await import('cli-progress');
    await setImmediate();
    progress.stop();
    expect(text()).to.match(/evaluating .* 30% {2}300\/1000 pictures {2}7\.0 s left {2}loss 0\.2/);
  });

  it('fits the bar into the terminal, and drops what matters least', async () => {
    const notes = ['loss 0.1234', '97.10%', '12 min 30 s to the end', '1,234 pictures/s'];
    const drawn = async (columns: number) => {
      const {stream, text} = fakeStream(true, columns);
      const progress = createProgress({
        label: 'epoch 3/28',
        unit: 'steps',
        total: 938,
        stream: stream as never,
        delay: 0,
      });
      progress.update(469, notes);
      await import('cli-progress');
      await setImmediate();
      progress.stop();
      return text().split('epoch').slice(0, 2).join('epoch').trimEnd();
    };
    const widths = [40, 60, 80, 100, 120, 160];
    const lines = await Promise.all(widths.map(drawn));
    lines.forEach((line, i) => {
      expect(displayWidth(line), line).to.be.below(widths[i]);
      expect(line).to.match(/^epoch 3\/28 (#+\.+|█+░+) 50% {2}(.* {2})?loss 0\.1234/);
    });
    for (const line of lines.slice(1)) expect(line).to.contain('97.10%');
    for (const line of lines.slice(2)) expect(line).to.contain('to the end');
    for (const part of [...notes, '469/938 steps', ' left  ']) expect(lines.at(-1)).to.contain(part);
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
