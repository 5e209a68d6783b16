/**
 * Joins the chunks of a build that are always loaded together. esbuild makes a chunk for each set of entries that share code, and
 * with an entry for each command that is some 45 files for one prediction: finding, opening and linking them takes longer than
 * to run them. Here only the entries that people wait for keep files of their own; what else shares with them is joined.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {basename, dirname, join, relative, resolve} from 'node:path';
import {build} from 'esbuild';

/**
 * @param {import('esbuild').Metafile} metafile of a build with `splitting`, whose files are there
 * @param {string} folder where the joined files go, beside the chunks
 * @param {string[]} starts the sources of entries that must load few files
 * @param {string[]} others those of entries that must not load what only commands need
 */
export async function joinChunks({outputs}, folder, starts, others) {
  const groups = groupsOf(outputs, starts, others);
  const joined = new Map(
    groups.flatMap((members, i) =>
      members.length === 1 ? [] : members.map((member) => [member, join(folder, `joined-${i}.js`)]),
    ),
  );
  // All are read before any is replaced. One that is alone keeps its place, but imports from joined files.
  const built = await Promise.all(groups.map((members) => joinGroup(outputs, members, joined, folder)));
  groups.forEach((members, i) => {
    writeFileSync(joined.get(members[0]) ?? members[0], built[i]);
    if (members.length === 1) return;
    for (const member of members) writeFileSync(member, passedOn(outputs, member, joined.get(member), dirname(member)));
  });
}

/**
 * The files that are reached from the same ones of the starts and of the others. An entry is alone: what it awaits may import what
 * it would be joined with, and would wait for it.
 */
function groupsOf(outputs, starts, others) {
  const reached = starts.map((start) => closureOf(outputs, [start]));
  reached.push(closureOf(outputs, others));
  const bySignature = new Map();
  for (const [path, {entryPoint}] of Object.entries(outputs)) {
    const reaching = reached.map((files) => (files.has(path) ? '1' : '0')).join('');
    if (!reaching.slice(0, starts.length).includes('1')) continue;
    const signature = entryPoint === undefined ? reaching : path;
    bySignature.set(signature, [...(bySignature.get(signature) ?? []), path]);
  }
  return [...bySignature.values()];
}

/** The files that are loaded with some entries. */
function closureOf(outputs, entries) {
  const files = new Set();
  const visit = (path) => {
    if (files.has(path) || !outputs[path]) return;
    files.add(path);
    for (const {path: imported, kind} of outputs[path].imports) if (kind === 'import-statement') visit(imported);
  };
  for (const [path, {entryPoint}] of Object.entries(outputs)) if (entries.includes(entryPoint)) visit(path);
  return files;
}

/** The name that an export of a member has in the joined file: the members may use one name for different things. */
function exportedAs(member, name) {
  return `${basename(member, '.js').replaceAll(/\W/g, '_')}_${name}`;
}

/** A module that passes on what a member exported from the file that it was joined to. */
function passedOn(outputs, member, file, from) {
  const path = specifier(from, file);
  const names = outputs[member].exports.map((name) => `${exportedAs(member, name)} as ${name}`);
  return names.length === 0 ? `import '${path}';\n` : `export {${names.join(', ')}} from '${path}';\n`;
}

/** The code of a group's file, in which imports from other joined files are direct. */
async function joinGroup(outputs, members, joined, folder) {
  const place = members.length === 1 ? dirname(members[0]) : folder;
  const contents = members.length === 1 ? readFileSync(members[0], 'utf8') : exportsOf(outputs, members, folder);
  const own = new Set(members.map((member) => resolve(member)));
  const byPath = new Map([...joined.keys()].map((member) => [resolve(member), member]));
  const resolution = {
    name: 'joined-chunks',
    setup(plugin) {
      plugin.onResolve({filter: /.*/}, ({path, resolveDir, kind}) => {
        if (!path.startsWith('.')) return {path, external: true};
        const target = resolve(resolveDir, path);
        if (kind !== 'dynamic-import' && own.has(target)) return {path: target};
        if (kind !== 'dynamic-import' && byPath.has(target)) return {path: target, namespace: 'elsewhere'};
        return {path: specifier(place, target), external: true};
      });
      plugin.onLoad({filter: /.*/, namespace: 'elsewhere'}, ({path}) => {
        const member = byPath.get(path);
        return {contents: passedOn(outputs, member, joined.get(member), place), resolveDir: resolve(place)};
      });
    },
  };
  const {outputFiles} = await build({
    stdin: {contents, resolveDir: resolve(place)},
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    plugins: [resolution],
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

/** What all members export, in names of their own. */
function exportsOf(outputs, members, folder) {
  const lines = members.map((member) => {
    const path = specifier(folder, member);
    const names = outputs[member].exports.map((name) => `${name} as ${exportedAs(member, name)}`);
    return names.length === 0 ? `import '${path}';` : `export {${names.join(', ')}} from '${path}';`;
  });
  return lines.join('\n');
}

function specifier(from, to) {
  const path = relative(from, to).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}
