/**
 * Bundles the scripts of the page that `rice export` writes for browsers, and puts ONNX Runtime's WebAssembly beside them. The
 * worker is made of the tool's own files; only what needs Node has another file in its place, named below.
 */
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {build} from 'esbuild';

const FROM = 'src/exporting/web/browser';
const TO = 'dist/exporting/web';

/** What stands in for files of the tool, and for packages, in a browser. */
const INSTEAD = {
  [resolve('src/image/decode.ts')]: resolve(FROM, 'worker/decode.ts'),
  [resolve('src/image/kernels/code.ts')]: resolve(FROM, 'worker/kernels-code.ts'),
};
const PACKAGES_INSTEAD = {
  'node:zlib': resolve(FROM, 'worker/crc32.ts'),
  'onnxruntime-node': resolve('node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs'),
};

/** @returns {Promise<import('esbuild').Metafile['inputs']>} what the scripts are made of */
export async function bundleWeb() {
  mkdirSync(TO, {recursive: true});
  const worker = await bundle('worker/main.ts', 'worker.js');
  const page = await bundle('page/main.ts', 'page.js');
  const serviceWorker = await bundle('service-worker/main.ts', 'service-worker.js');
  copyFileSync('node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm', join(TO, 'onnxruntime.wasm'));
  writeFileSync(join(TO, 'licenses.txt'), licenses());
  return {...worker.inputs, ...page.inputs, ...serviceWorker.inputs};
}

/** Of what the page is made of. Both are under the MIT license, whose text stands in ours. */
function licenses() {
  const {version, license} = JSON.parse(readFileSync('node_modules/onnxruntime-web/package.json', 'utf8'));
  if (license !== 'MIT') throw new Error(`onnxruntime-web has another license than before: ${license}`);
  const own = readFileSync('LICENSE', 'utf8');
  const runtime = own.replace(/^Copyright .*$/m, 'Copyright (c) Microsoft Corporation');
  const others = 'https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt';
  return `rice\n\n${own}\n${'-'.repeat(80)}\n\nONNX Runtime Web ${version} (worker.js, onnxruntime.wasm)\n\n${runtime}\nIts parts by others: ${others}\n`;
}

async function bundle(from, to) {
  const {metafile} = await build({
    entryPoints: [join(FROM, from)],
    outfile: join(TO, to),
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome109', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [withoutNode()],
    // Both are asked for by ONNX Runtime, which finds what it needs in what it is handed.
    define: {'import.meta.url': '""', process: 'undefined'},
  });
  return metafile;
}

/** Leaves out what only Node has. What is left of it that is not dropped as unused is an error. */
function withoutNode() {
  return {
    name: 'without Node',
    setup({onResolve, onLoad, resolve: find, onEnd}) {
      // Pictures are decoded by the browser: of the formats, only the headers are read.
      onResolve({filter: /\/decoder?\.ts$/}, ({importer}) =>
        /(format|codec)\.ts$/.test(importer) ? {path: 'no decoder', namespace: 'nothing'} : undefined,
      );
      onLoad({filter: /.*/, namespace: 'nothing'}, () => ({contents: 'module.exports = {}', loader: 'js'}));
      onResolve({filter: /^\.{1,2}\/.*\.ts$/}, async ({path, importer, resolveDir, kind, pluginData}) => {
        if (pluginData === 'found') return undefined;
        const found = await find(path, {importer, resolveDir, kind, pluginData: 'found'});
        return INSTEAD[found.path] ? {path: INSTEAD[found.path]} : found;
      });
      onResolve({filter: /^(node:|onnxruntime-node$|@julusian\/)/}, ({path}) =>
        PACKAGES_INSTEAD[path] ? {path: PACKAGES_INSTEAD[path]} : {path, external: true, sideEffects: false},
      );
      onEnd(({metafile}) => {
        const left = Object.values(metafile?.outputs ?? {}).flatMap(({imports}) => imports.map(({path}) => path));
        return left.length === 0 ? {} : {errors: [{text: `the page would need ${left.join(', ')}`}]};
      });
    },
  };
}
