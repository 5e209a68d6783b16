/**
 * Runs as `preinstall`, which npm does for all packages before the `postinstall` of any: makes the install script of
 * onnxruntime-node download nothing unless it is asked to. It would otherwise fetch the CUDA libraries (Linux, x64) from
 * another host than npm's registry, and fail the whole installation where that is closed.
 *
 * What asks for them works as before: the variable ONNXRUNTIME_NODE_INSTALL, the setting of npm of this name, and the script
 * run by hand. Where another package wants onnxruntime-node too, and may count on the libraries, nothing is changed. Without
 * this script, and under package managers that run none or in another order, everything is as onnxruntime-node made it.
 */
import {existsSync, readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const RUNTIME = 'onnxruntime-node';
const OWN_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..');

const GATE = `
// rice-grain added this: npm alone downloads no CUDA libraries, ONNXRUNTIME_NODE_INSTALL=cuda12 in the environment does.
if (
  process.env.npm_lifecycle_event &&
  !Object.keys(process.env).some((name) => /^(npm_config_)?onnxruntime_node_install/i.test(name))
) {
  process.exit(0);
}
`;

try {
  if (process.platform === 'linux' && process.arch === 'x64') addGate();
} catch {
  // An installation is not to fail because of this.
}

function addGate() {
  const runtime = dirname(createRequire(import.meta.url).resolve(`${RUNTIME}/package.json`));
  const script = join(runtime, 'script', 'install.js');
  const text = readFileSync(script, 'utf8');
  const gated = text.replace(/^'use strict';$/m, (line) => line + GATE);
  if (gated === text || text.includes(GATE) || isWantedByOthers(dirname(runtime))) return;
  // Not written in place: some package managers link the same file into many projects.
  writeFileSync(`${script}.rice`, gated);
  renameSync(`${script}.rice`, script);
}

/** @param modules the `node_modules` that onnxruntime-node lies in */
function isWantedByOthers(modules) {
  const names = readdirSync(modules).flatMap((name) => {
    return name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => join(name, inner)) : [name];
  });
  return [join(modules, '..'), ...names.map((name) => join(modules, name))].some((folder) => {
    const manifest = join(folder, 'package.json');
    if (folder === OWN_FOLDER || !existsSync(manifest)) return false;
    const {dependencies, optionalDependencies} = JSON.parse(readFileSync(manifest, 'utf8'));
    return dependencies?.[RUNTIME] !== undefined || optionalDependencies?.[RUNTIME] !== undefined;
  });
}
