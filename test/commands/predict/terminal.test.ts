import {spawnSync} from 'node:child_process';
import {expect} from 'chai';
import {displayWidth} from '../../../src/cli/table.ts';
import {BIN} from '../../cli/rice.ts';
import {predictProject} from './project.ts';

/**
 * Runs a command with a terminal of 24 lines as stderr, or with COLUMNS as stdout and that wide, and prints everything
 * that it draws there.
 */
const ON_TERMINAL = `
import fcntl, os, struct, sys, termios
from pty import openpty
import subprocess
master, slave = openpty()
columns = int(os.environ.pop('COLUMNS', 0))
if columns:
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
nothing = open(os.devnull, 'w')
out, err = (slave, nothing) if columns else (nothing, slave)
child = subprocess.Popen(sys.argv[1:], stdout=out, stderr=err)
os.close(slave)
while True:
    try:
        drawn = os.read(master, 65536)
    except OSError:
        break
    if not drawn:
        break
    sys.stdout.buffer.write(drawn)
sys.exit(child.wait())
`;

describe('rice predict on a terminal', () => {
  const {at, write} = predictProject();
  const many = Array.from({length: 25}, () => 'many');
  before(function () {
    if (process.platform === 'win32' || spawnSync('python3', ['-c', 'import pty']).status !== 0) this.skip();
    write(Object.fromEntries(Array.from({length: 400}, (_, i) => [`many/${i}.jpg`, i % 2 ? 'Red' : 'Blue'])));
    write({'bad.jpg': Buffer.from('no picture')});
  });

  function draw(command: string[], more: Record<string, string> = {}): string {
    const {stdout, stderr, status} = spawnSync('python3', ['-c', ON_TERMINAL, ...command], {
      cwd: at(),
      encoding: 'utf8',
      timeout: 120_000,
      env: {
        PATH: process.env.PATH,
        RICE_MODEL: at('color.onnx'),
        LANG: 'C.UTF-8',
        TERM: 'xterm',
        NO_COLOR: '1',
        ...more,
      },
    });
    expect(stderr).to.equal('');
    expect(status).to.be.oneOf([0, 1]);
    return stdout;
  }

  const command = (...args: string[]) => [
    process.execPath,
    BIN,
    'predict',
    '--threads',
    '1',
    '--batch-size=8',
    ...args,
  ];

  it('draws a bar between errors, and leaves only the errors', () => {
    const drawn = draw(command(...many, 'bad.jpg', ...many, 'bad.jpg', 'many'));
    expect(drawn).to.match(/predicting █+░+ \d+% {2}\d+\/20402 pictures {2}.* left/);
    const errors = screenOf(drawn).filter((line) => line !== '');
    expect(errors).to.have.length(3);
    expect(errors[1]).to.match(/^Try: /);
    for (const line of [errors[0], errors[2]])
      expect(line).to.match(/^Error IMAGE_UNSUPPORTED: bad\.jpg: the bytes are not a known/);
    // The terminal wraps long lines again after the bar.
    expect(drawn.lastIndexOf('\u001b[?7h')).to.be.above(drawn.lastIndexOf('\u001b[?7l'));
  });

  it('shows no percentage if the total is unknown', () => {
    const feed = 'i=0; while [ $i -lt 60 ]; do echo many; sleep 0.05; i=$((i+1)); done';
    const drawn = draw(['sh', '-c', `(${feed}) | "$0" "$@"`, ...command('--files-from', '-', '--format', 'ndjson')]);
    expect(drawn).to.match(/predicting {2}\d+ pictures {2}[\d,.]+ a second/);
    expect(drawn).not.to.contain('%');
    expect(screenOf(drawn).filter((line) => line !== '')).to.deep.equal([]);
  });

  it('fits answers into the columns that there are, between words; in a pipe nothing is shortened', () => {
    const path = `a/folder/with/a/long/name/${'below/'.repeat(8)}picture-1.jpg`;
    write({[path]: 'Grey'});
    for (const columns of [60, 80, 120]) {
      const drawn = draw(command(path, '--top-k', '2'), {COLUMNS: String(columns)}).replaceAll('\r', '');
      for (const line of drawn.split('\n')) expect(displayWidth(line), line).to.be.at.most(columns);
      expect(drawn).to.match(/^a\/fo.*….*picture-1\.jpg +\d+\.\d% +unknown, /);
      expect(drawn.replaceAll(/\s+/g, ' ')).to.contain('unknown, nearest Red (low confidence), then Blue ');
    }
    const {stdout} = spawnSync(command()[0], command(path).slice(1), {
      encoding: 'utf8',
      cwd: at(),
      env: {PATH: process.env.PATH, RICE_MODEL: at('color.onnx'), LANG: 'C.UTF-8', COLUMNS: '60'},
    });
    expect(stdout).to.contain(`${path}  `);
    expect(stdout.split('\n').find((line) => line.includes('nearest Red (low confidence)'))).to.contain(path);
  });

  it('draws nothing with --quiet', () => {
    expect(draw(command(...many.slice(0, 10), '--quiet'))).to.equal('');
  });
});

/** A character or a control sequence. */
const ESCAPE = '\u001b';
const DRAWN = new RegExp(`${ESCAPE}(\\[[?\\d]*[A-Za-z]|[78])|[^${ESCAPE}]`, 'g');

/** The final content of the screen: a terminal emulator with only the sequences that the bar uses. */
function screenOf(drawn: string): string[] {
  const lines: string[] = [];
  let [row, column, saved] = [0, 0, 0];
  for (const [part, control] of drawn.matchAll(DRAWN)) {
    const line = lines[row] ?? '';
    if (control === '7') saved = row;
    else if (control === '8') row = saved;
    else if (control?.endsWith('G') || part === '\r') column = 0;
    else if (control === '[2K') lines[row] = '';
    else if (control === '[0K') lines[row] = line.slice(0, column);
    else if (part === '\n') row++;
    else if (control === undefined) lines[row] = line.slice(0, column).padEnd(column) + part + line.slice(++column);
  }
  return lines.map((line) => (line ?? '').trimEnd());
}
