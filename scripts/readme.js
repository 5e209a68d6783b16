/**
 * Writes the command reference in README.md from what `rice COMMAND --help` prints; with `--check` only says whether it
 * is up to date. Needs a build.
 */
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const COMMANDS = ['fetch-data', 'predict', 'evaluate', 'train', 'serve', 'config'];
const BEGIN = '<!-- commands: written by scripts/readme.js -->';
const END = '<!-- end of commands -->';

const page = fileURLToPath(new URL('../README.md', import.meta.url));
const bin = fileURLToPath(new URL('../bin/run.js', import.meta.url));

/** Without a terminal and without anybody's settings, the help is the same everywhere. */
function helpOf(command) {
  const env = {PATH: process.env.PATH, HOME: '/nonexistent', NO_COLOR: '1', OCLIF_COLUMNS: '100'};
  return execFileSync(process.execPath, [bin, command, '--help'], {encoding: 'utf8', env}).trimEnd();
}

const sections = COMMANDS.map((command) => `### \`rice ${command}\`\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``);
const before = readFileSync(page, 'utf8');
const [start, end] = [before.indexOf(BEGIN), before.indexOf(END)];
if (start < 0 || end < start) throw new Error(`README.md has no place for the commands: ${BEGIN} ... ${END}`);
const after = `${before.slice(0, start)}${BEGIN}\n\n${sections.join('\n\n')}\n\n${before.slice(end)}`;

if (!process.argv.includes('--check')) writeFileSync(page, after);
else if (after !== before) {
  console.error('the commands in README.md are out of date: run npm run build && node scripts/readme.js');
  process.exitCode = 1;
}
