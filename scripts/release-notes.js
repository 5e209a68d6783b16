/**
 * Prints the section of CHANGELOG.md for the released version, and fails if tag, package.json, its lock file and the
 * changelog disagree: `node scripts/release-notes.js v1.2.3`.
 */
import {readFileSync} from 'node:fs';

const tag = process.argv[2] ?? '';
const {version} = JSON.parse(readFileSync('package.json', 'utf8'));
const locked = JSON.parse(readFileSync('package-lock.json', 'utf8')).version;
if (tag !== `v${version}`) fail(`the tag is ${tag}, the package v${version}`);
if (locked !== version) fail(`package-lock.json says ${locked}, package.json ${version}`);

const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m);
const section = sections.find((each) => each.startsWith(`[${version}]`));
if (!section) fail(`CHANGELOG.md has no section of ${version}`);
const [heading, ...lines] = section.split('\n');
if (!/ - \d{4}-\d{2}-\d{2}$/.test(heading)) fail(`CHANGELOG.md gives ${version} no date: ${heading}`);
console.log(lines.join('\n').trim());

function fail(message) {
  console.error(message);
  process.exit(1);
}
