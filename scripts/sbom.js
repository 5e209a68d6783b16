/**
 * Writes `dist/sbom.cdx.json`, the software bill of materials in CycloneDX 1.6: the packages that npm installs with rice, and
 * those that esbuild bundled into `dist/`, which are development dependencies in package-lock.json and therefore missing in
 * npm's own list, and the models. The output is reproducible: it has no time and no random serial number.
 */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import cyclonedx from '@cyclonedx/cyclonedx-library';
import parseExpression from 'spdx-expression-parse';
import {modelComponent, readModel} from './sbom-models.js';

const {Contrib, Enums, Models, Serialize, Spec} = cyclonedx;
const licenses = new Contrib.License.Factories.LicenseFactory(parseExpression);

/** The model that has a card. */
const CLASSIFIER = 'models/rice.onnx';

/** @param metafile esbuild's metafile of the bundle */
export async function writeSbom(metafile) {
  const {packages} = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const bundled = new Set(Object.keys(metafile.inputs).map(packageFolder));
  const installed = reach(packages);
  const shipped = Object.entries(packages).filter(([path]) => installed.has(path) || bundled.has(path));
  /** By name and version, since the same version may be in several folders; and by folder. */
  const components = new Map();
  for (const [path, entry] of shipped) {
    const name = entry.name ?? path.split('node_modules/').at(-1);
    const key = `${name}@${entry.version}`;
    const component = components.get(key) ?? packageComponent(name, entry);
    if (!entry.optional || bundled.has(path)) component.scope = Enums.ComponentScope.Required;
    if (bundled.has(path)) component.properties.add(new Models.Property('cdx:npm:package:bundled', 'true'));
    components.set(key, component).set(path, component);
  }

  const root = packageComponent(packages[''].name, packages['']);
  root.type = Enums.ComponentType.Application;
  root.scope = undefined;
  const bom = new Models.Bom({metadata: new Models.Metadata({component: root})});
  bom.metadata.lifecycles.add(Enums.LifecyclePhase.Build);
  for (const [path, entry] of [['', packages['']], ...shipped]) {
    const component = path === '' ? root : components.get(path);
    if (path !== '') bom.components.add(component);
    for (const name of [...needs(entry), ...(path === '' ? Object.keys(entry.devDependencies) : [])]) {
      const found = components.get(resolve(packages, path, name));
      if (found && found !== component) component.dependencies.add(found.bomRef);
    }
  }
  const cards = new Map();
  for (const file of readdirSync('models').filter((name) => name.endsWith('.onnx'))) {
    const path = `models/${file}`;
    const {card, ...fields} = path === CLASSIFIER ? await readModel(path) : {};
    if (card) cards.set(path, card);
    const component = modelComponent(path, fields);
    component.licenses.add(licenses.makeFromString(packages[''].license));
    bom.components.add(component);
  }

  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  const document = JSON.parse(serializer.serialize(bom, {sortLists: true}));
  for (const component of document.components)
    if (cards.has(component['bom-ref'])) component.modelCard = cards.get(component['bom-ref']);
  writeFileSync('dist/sbom.cdx.json', `${JSON.stringify(document, null, 1)}\n`);
}

/** A bundled file's package folder in node_modules, as in the lock file; undefined for rice's own files. */
export function packageFolder(input) {
  return /(?<=^|\/)(node_modules\/.*\/)?node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
}

/** The packages that npm installs with rice: all dependencies from the root on, without development dependencies. */
function reach(packages) {
  const reached = new Set();
  const visit = (path) => {
    for (const name of needs(packages[path])) {
      const found = resolve(packages, path, name);
      if (!packages[found] || reached.has(found)) continue;
      reached.add(found);
      visit(found);
    }
  };
  visit('');
  return reached;
}

function needs({dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {}}) {
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...Object.keys({...dependencies, ...optionalDependencies}), ...peers];
}

/** Resolves a package from within another like Node: in its own folder or a parent folder. */
function resolve(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[candidate] || folder === '') return candidate;
  }
}

function packageComponent(fullName, {version, license, integrity}) {
  const [name, group] = fullName.split('/').reverse();
  const component = new Models.Component(Enums.ComponentType.Library, name, {
    ...(group ? {group} : {}),
    version,
    bomRef: `${fullName}@${version}`,
    purl: `pkg:npm/${fullName.replace('@', '%40')}@${version}`,
    scope: Enums.ComponentScope.Optional,
  });
  if (license) component.licenses.add(licenses.makeFromString(license));
  for (const [, algorithm, digest] of (integrity ?? '').matchAll(/(sha\d+)-(\S+)/g))
    component.hashes.set(algorithm.replace('sha', 'SHA-'), Buffer.from(digest, 'base64').toString('hex'));
  return component;
}
