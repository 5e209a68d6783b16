#!/usr/bin/env bash
# Packs the package, installs it into an empty folder and uses it there as a command and as a library, which shows files
# missing in "files". Without models/rice.onnx, everything that needs a model is skipped. On Linux the package is also
# installed without a network, from npm's cache, as `npm install -g` does it, with the current npm and with npm 10: no
# install script may need another host. To check the very archive that will be published, name it:
# `check-package.sh rice-grain-2.0.0.tgz`.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$root"

if [ $# -gt 0 ]; then
  cp "$1" "$folder"
else
  npm pack --pack-destination "$folder" --silent >/dev/null
fi
tar -tzf "$folder"/rice-grain-*.tgz | sed 's,^package/,,' | sort >"$folder/contents"
echo "$(wc -l <"$folder/contents") files, $(du -h "$folder"/rice-grain-*.tgz | cut -f1) packed"
for wanted in bin/run.js bin/before-install.js dist/index.js dist/index.d.ts dist/training/worker.js oclif.manifest.json LICENSE README.md \
  docs/errors.md schemas/predict.schema.json dist/fetching/verification/known-digests.bin dist/server/page/script.js \
  schemas/serve-predict.schema.json dist/exporting/web/worker.js dist/exporting/web/onnxruntime.wasm \
  scripts/gpu-check.sh dist/gpu-check.js; do
  grep -qx "$wanted" "$folder/contents" || { echo "missing in the package: $wanted" >&2; exit 1; }
done
# The check of a GPU runs from the package, on machines that have nothing else.
shipped='^scripts/(gpu-check\.sh|gpu_check_torch\.py)$'
if grep -vE "$shipped" "$folder/contents" | grep -E '^(src|test|bench|scripts|node_modules|\.ci)/|\.tgz$|\.map$'; then
  echo 'these do not belong in the package' >&2
  exit 1
fi
grep -qx dist/sbom.cdx.json "$folder/contents" || { echo 'the package has no bill of materials' >&2; exit 1; }

cp -r test/samples "$folder/pictures"
cd "$folder"
npm init -y >/dev/null
unset ONNXRUNTIME_NODE_INSTALL
install() {
  "$@" --no-audit --no-fund ./rice-grain-*.tgz 2>&1 | tee install.log
  # npm's own list of packages with install scripts, and what the packages that we use are said to be.
  if grep 'npm warn' install.log | grep -Ev 'npm warn (install-scripts|deprecated)'; then
    echo 'the installation warns' >&2
    return 1
  fi
}
install npm install
if unshare -rn true 2>/dev/null; then
  npm install --silent --no-audit --no-fund --no-save --prefix npm10 npm@10
  for npm in npm npm10/node_modules/.bin/npm; do
    rm -rf global
    install unshare -rn "$npm" install --offline --global --prefix "$folder/global"
    echo "without a network, npm $("$npm" --version): $(global/bin/rice --version)"
  done
  rm -rf global npm10
else
  echo 'this system cannot cut off the network: not installed without one'
fi
npx --no-install rice --version
npx --no-install rice
# A dataset over the network: an archive of the samples from a local server.
mkdir -p set/Arborio set/Basmati
cp pictures/arborio-*.jpg set/Arborio/ && cp pictures/basmati-*.jpg set/Basmati/
tar -czf set.tar.gz set
node -e "
  const archive = require('node:fs').readFileSync('set.tar.gz');
  const server = require('node:http').createServer((_, response) => response.end(archive)).listen(0, '127.0.0.1', () => {
    const run = (...more) => new Promise((resolve) => {
      const source = 'http://127.0.0.1:' + server.address().port + '/set.tar.gz';
      const args = ['--no-install', 'rice', 'fetch-data', '--source', source, '--dest', 'fetched', '--json', ...more];
      require('node:child_process').execFile('npx', args, {maxBuffer: 1 << 26}, (_, stdout) => resolve(JSON.parse(stdout)));
    });
    run().then(({digest}) => run('--digest', digest)).then(({state, files}) => {
      console.log('fetched: ' + state + ', ' + files + ' pictures');
      server.close();
      process.exitCode = state === 'fetched' && files === 4 ? 0 : 1;
    });
  });"
if [ ! -f "$root/models/rice.onnx" ]; then
  echo 'models/rice.onnx is missing: predictions are not checked'
  exit 0
fi
npx --no-install rice predict pictures
npx --no-install rice scan pictures/many/grains.jpg --report grains.html --crops crops
# WebP needs a decoder file beside its package's code.
node -e "
  const pictures = JSON.parse(require('node:fs').readFileSync('$root/test/fixtures/pictures.json', 'utf8'));
  require('node:fs').writeFileSync('small.webp', Buffer.from(pictures['WebP, lossy'].file, 'base64'));"
npx --no-install rice predict small.webp
cat >library.mjs <<'EOF'
import {readFile} from 'node:fs/promises';
import {Classifier} from 'rice-grain';
const classifier = await Classifier.load();
const [answer] = await classifier.classify([await readFile('pictures/basmati-1.jpg')]);
if (answer.label !== 'Basmati') throw new Error(`the library says ${JSON.stringify(answer)}`);
console.log(`as a library: ${answer.label}`);
await classifier.release();
EOF
node library.mjs
cat >serve.mjs <<'EOF'
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
const server = spawn(process.execPath, ['node_modules/rice-grain/bin/run.js', 'serve', '--port', '0', '--quiet'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
const url = /http:\S+/.exec(line)[0];
const form = new FormData();
form.append('file', new Blob([await readFile('pictures/basmati-1.jpg')]), 'basmati-1.jpg');
const answer = await (await fetch(url, {method: 'POST', body: form})).json();
for (const path of ['/', '/docs', '/openapi.json', '/metrics', '/readyz'])
  if (!(await fetch(url + path)).ok) throw new Error(`${path} does not answer`);
server.kill();
const [code] = await once(server, 'exit');
if (answer.predictions[0].label !== 'Basmati' || code !== 0) throw new Error(`${JSON.stringify(answer)}, then ${code}`);
console.log(`over HTTP: ${answer.predictions[0].label}`);
EOF
node serve.mjs
