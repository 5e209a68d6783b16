/**
 * Builds `dist/`: every command, every worker and the library as separate entries with shared chunks, so that a command
 * loads only what it needs, for a short start-up time. Native libraries, WebAssembly and jimp are not bundled. Then writes
 * `oclif.manifest.json`, from which oclif knows the commands without loading them, and the type declarations.
 */
import {execFileSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {basename, dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {bundleWeb} from './bundle-web.js';
import {joinChunks} from './join-chunks.js';
import {writeSbom} from './sbom.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

/** Entries besides the commands: files that `bin/`, `package.json` or a child process name. */
const ENTRIES = [
  'src/cli/main.ts',
  'src/cli/help.ts',
  'src/index.ts',
  'src/training/worker.ts',
  'src/dataset/cache/prepare-worker.ts',
  'src/auditing/pictures/measure-worker.ts',
  'src/fetching/unpack/read-worker.ts',
  'src/prediction/classify-worker.ts',
  'src/evaluation/robustness/robustness-worker.ts',
  'src/scanning/scan-worker.ts',
  'src/explanation/explain-worker.ts',
  'src/training/batches/loader-thread.ts',
  'src/commands/doctor/probe.ts',
  'src/benchmarking/worker.ts',
];

const commands = readdirSync('src/commands', {recursive: true, encoding: 'utf8'})
  .filter((name) => basename(name) === 'index.ts')
  .map((name) => join('src/commands', name));

/** How everything is bundled that Node runs. */
const FOR_NODE = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: [
    '@julusian/jpeg-turbo',
    'jimp',
    '@jimp/*',
    'icodec',
    'icodec/*',
    'libheif-js/*',
    'typescript',
    'undici',
    '@google-cloud/storage',
    'xz-decompress',
  ],
  // CommonJS packages in an ES module bundle still call `require` for Node's own modules.
  banner: {
    js: "import {createRequire as __createRequire} from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [onnxruntime()],
  logLevel: 'warning',
};

rmSync('dist', {recursive: true, force: true});
const {metafile} = await build({
  ...FOR_NODE,
  entryPoints: [...ENTRIES, ...commands].filter((entry) => existsSync(entry)),
  outdir: 'dist',
  outbase: 'src',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // For coverage of src/ by the commands that tests start from dist/.
  sourcemap: process.argv.includes('--source-maps'),
  metafile: true,
});
// By itself, so that the chunks of the commands stay as they are.
await build({...FOR_NODE, entryPoints: ['bench/gpu-check/main.ts'], outfile: 'dist/gpu-check.js'});

// Joined files have no maps.
if (!process.argv.includes('--source-maps')) {
  const starts = [
    'src/cli/main.ts',
    'src/cli/run-command-line.ts',
    'src/commands/predict/index.ts',
    'src/prediction/classify-worker.ts',
  ];
  await joinChunks(
    metafile,
    'dist/chunks',
    starts,
    ENTRIES.filter((entry) => !starts.includes(entry)),
  );
}
mkdirSync('dist/fetching/verification', {recursive: true});
copyFileSync('src/fetching/verification/known-digests.bin', 'dist/fetching/verification/known-digests.bin');
await compileKernels();
await bundlePage();
await bundleScript('src/scanning/output/report/browser/main.ts', 'dist/scanning/report.js');
await bundleScript('src/auditing/page/browser/main.ts', 'dist/auditing/page.js');
const inputs = {...metafile.inputs, ...(await bundleWeb())};
writeNotices(inputs);
execFileSync(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
await writeManifest();
await writeSbom({inputs});

/**
 * Bundles the JavaScript of onnxruntime-node, twenty small files whose loading takes 15 ms. Its native library stays in the package,
 * where it is found from `dist/` as Node finds any package.
 */
function onnxruntime() {
  const own = 'require(`../bin/';
  return {
    name: 'onnxruntime-node',
    setup({onResolve, onLoad}) {
      // By name, since esbuild gives who imports CommonJS dynamically nothing but a default.
      onResolve({filter: /^onnxruntime-node$/}, () => ({path: 'onnxruntime-node', namespace: 'named'}));
      onLoad({filter: /.*/, namespace: 'named'}, () => ({
        contents: "export {env, InferenceSession, Tensor} from 'onnxruntime-node/dist/index.js';",
        resolveDir: root,
      }));
      onLoad({filter: /onnxruntime-node[\\/]dist[\\/]binding\.js$/}, ({path}) => {
        const code = readFileSync(path, 'utf8');
        if (!code.includes(own)) throw new Error(`${path} loads its library in another way than before`);
        return {contents: code.replace(own, 'require(`onnxruntime-node/bin/'), loader: 'js'};
      });
    },
  };
}

/** Compiles the loops over pixels, which are written in AssemblyScript. */
async function compileKernels() {
  const {default: asc} = await import('assemblyscript/asc');
  const options = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--importMemory', '--noExportMemory'];
  const {error, stderr} = await asc.main([
    'src/image/kernels/assembly/index.ts',
    ...options,
    '-o',
    'dist/image/kernels.wasm',
  ]);
  if (error) throw new Error(`the kernels do not compile: ${stderr}`);
}

/** Builds the inline script of the page of `rice serve`, and copies the pictures that it offers to try: one a variety. */
async function bundlePage() {
  mkdirSync('dist/server/page/samples', {recursive: true});
  for (const name of readdirSync('test/samples').filter((each) => each.endsWith('-1.jpg')))
    copyFileSync(`test/samples/${name}`, `dist/server/page/samples/${name}`);
  await bundleScript('src/server/page/browser/main.ts', 'dist/server/page/script.js');
}

/** Builds a script that is put into a page. */
async function bundleScript(from, to) {
  await build({
    entryPoints: [from],
    outfile: to,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2020',
    charset: 'utf8',
    logLevel: 'warning',
  });
}

/** Collects the licenses of the bundled packages, which must be distributed with their code. */
function writeNotices(bundled) {
  const folders = new Set();
  for (const input of Object.keys(bundled)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) folders.add(found[1]);
  }
  const texts = [...folders].sort().map((folder) => {
    const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), 'utf8').trim() : ''}`;
  });
  writeFileSync('dist/THIRD-PARTY-NOTICES.txt', `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}

async function writeManifest() {
  rmSync('oclif.manifest.json', {force: true});
  const {Plugin} = await import('@oclif/core');
  const plugin = new Plugin({root, ignoreManifest: true, errorOnManifestCreate: true});
  await plugin.load();
  const manifest = plugin.manifest;
  for (const command of Object.values(manifest.commands)) {
    if (command.relativePath) command.relativePath = relative('.', join(...command.relativePath)).split(/[\\/]/);
  }
  writeFileSync('oclif.manifest.json', `${JSON.stringify(manifest, null, 1)}\n`);
}
