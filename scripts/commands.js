/**
 * Writes docs/commands.md from the output of `rice COMMAND --help`; with `--check` it only says whether the file is up to
 * date. Sections common to all commands (global flags, exit codes, environment) are written once. Needs a build.
 */
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

/** In the order of typical use; commands that are not listed follow. */
const ORDER = [
  'predict',
  'scan',
  'evaluate',
  'fetch-data',
  'train',
  'runs',
  'serve',
  'config',
  'doctor',
  'clean',
  'completion',
];
const COMMON = ['GLOBAL FLAGS', 'EXIT CODES', 'ENVIRONMENT'];

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const page = at('docs/commands.md');
const {commands} = JSON.parse(readFileSync(at('oclif.manifest.json'), 'utf8'));
const rank = (id) => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length);
const ids = Object.keys(commands).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
const helps = new Map(ids.map((id) => [id, sectionsOf(helpOf(id))]));
const [common] = helps.values();
for (const [id, sections] of helps)
  for (const title of COMMON)
    if (sections[title] !== common[title]) throw new Error(`rice ${id} --help has another section ${title}`);

const text = `# Commands

Written by \`npm run docs\` from what \`rice COMMAND --help\` prints: do not edit this page by hand. One page a task, with
examples and their output: [README](../README.md#documentation).

| command | |
| --- | --- |
${ids.map((id) => `| [\`rice ${shown(id)}\`](#rice-${id.replaceAll(':', '-')}) | ${commands[id].summary} |`).join('\n')}

## For all commands

\`\`\`text
${COMMON.map((title) => `${title}\n${common[title]}`).join('\n\n')}
\`\`\`

Flags may also be set by a variable or a [configuration file](configuration.md). A variable is called after its command and
flag: \`RICE_PREDICT_TOP_K\` is \`--top-k\` of \`rice predict\`. These hold for every command that has the flag:
${sharedVariables()
  .map((name) => `\`${name}\``)
  .join(', ')}.

${ids.map(sectionFor).join('\n\n')}
`;

if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/commands.md is out of date: run npm run docs');
  process.exitCode = 1;
}

/** A command of a command, as it is typed. */
function shown(id) {
  return id.replaceAll(':', ' ');
}

/** Runs without a terminal and without user settings, so that the help is the same everywhere. */
function helpOf(id) {
  const env = {PATH: process.env.PATH, HOME: '/nonexistent', NO_COLOR: '1', OCLIF_COLUMNS: '100'};
  return execFileSync(process.execPath, [at('bin/run.js'), ...id.split(':'), '--help'], {
    encoding: 'utf8',
    env,
  }).trimEnd();
}

/** The text of each section by its title; the text before the first one has no title. */
function sectionsOf(help) {
  const parts = help.split(/^([A-Z][A-Z ]+)$/m);
  const sections = {};
  for (let i = 1; i < parts.length; i += 2) sections[parts[i]] = parts[i + 1].trimEnd().replace(/^\n/, '');
  return sections;
}

function sectionFor(id) {
  const {summary, description, examples} = commands[id];
  const sections = helps.get(id);
  const reference = ['USAGE', 'ARGUMENTS', 'FLAGS'].filter((title) => sections[title]);
  return `## \`rice ${shown(id)}\`

${sentence(summary)}

${prose(description ?? '')}

\`\`\`text
${reference.map((title) => `${title}\n${sections[title]}`).join('\n\n')}
\`\`\`

\`\`\`sh
${examples.map((example) => `# ${example.description}\n${example.command.replaceAll('<%= config.bin %>', 'rice')}`).join('\n')}
\`\`\``;
}

function sentence(summary) {
  return `${summary[0].toUpperCase()}${summary.slice(1)}.`;
}

/** One paragraph per line, and a list after a line that ends with a colon. */
function prose(description) {
  let inList = false;
  const lines = description
    .trim()
    .split('\n')
    .map((line) => {
      const item = inList && line !== '';
      inList = line.endsWith(':') || item;
      return `${item ? '- ' : ''}${line.replaceAll(/[*<]/g, '\\$&')}`;
    });
  return lines
    .join('\n')
    .replaceAll(/\n+(?!- )/g, '\n\n')
    .replaceAll(/:\n- /g, ':\n\n- ');
}

/** The environment variables that are not named after a command. */
function sharedVariables() {
  const names = new Set();
  for (const [id, {SETTINGS}] of helps) {
    const own = `RICE_${id.toUpperCase().replaceAll('-', '_')}_`;
    for (const [name] of SETTINGS.matchAll(/RICE_\w+/g)) if (!name.startsWith(own)) names.add(name);
  }
  return [...names];
}
