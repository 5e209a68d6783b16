/**
 * Writes `docs/errors.md` from the catalog in `src/common/errors.ts`; with `--check` it only says whether it is up to date.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {register} from 'tsx/esm/api';

const page = fileURLToPath(new URL('../docs/errors.md', import.meta.url));
const unregister = register();
const {ERROR_CATALOGUE} = await import('../src/common/errors.ts');
await unregister();

const rows = Object.entries(ERROR_CATALOGUE).map(([code, {meaning, fix}]) => `| \`${code}\` | ${meaning} | ${fix} |`);
const text = `# Errors

Every error has a stable code. The text output is \`Error CODE: message\` with suggestions; with \`--json\` the document is
\`{"error": {"code", "message", "suggestions"}}\`. The exit code is 2. A picture that cannot be read is an entry in
\`errors\` instead, and the exit code is 1, as for an accuracy below \`--min-accuracy\`. A stopped command exits with 130 or 143.

This page is generated from \`src/common/errors.ts\` by \`node scripts/errors.js\`.

| code | what it means | what to do |
| --- | --- | --- |
${rows.join('\n')}
`;

if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/errors.md is out of date: run node scripts/errors.js');
  process.exitCode = 1;
}
