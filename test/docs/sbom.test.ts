import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Version} from '@cyclonedx/cyclonedx-library/Spec';
import {JsonStrictValidator} from '@cyclonedx/cyclonedx-library/Validation';
import {expect} from 'chai';

interface Component {
  'bom-ref': string;
  type: string;
  scope?: string;
  hashes?: {alg: string; content: string}[];
  properties?: {name: string; value: string}[];
}

const ROOT = join(import.meta.dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');

describe('software bill of materials', () => {
  const text = read('dist', 'sbom.cdx.json');
  const {components, dependencies, metadata} = JSON.parse(text) as {
    components: Component[];
    dependencies: {ref: string; dependsOn?: string[]}[];
    metadata: {component: Component};
  };
  const byRef = new Map(components.map((component) => [component['bom-ref'], component]));

  it('is valid by the schema of CycloneDX 1.6', async () => {
    expect(await new JsonStrictValidator(Version.v1dot6).validate(text)).to.equal(null);
  });

  it('lists what is bundled, though npm takes it for development only', () => {
    const notices = read('dist', 'THIRD-PARTY-NOTICES.txt');
    const bundled = [...notices.matchAll(/(?:^|\n-{80}\n\n)(\S+) (\S+) \(.*\)\n/g)].map(([, ...key]) => key.join('@'));
    expect(bundled.join(' ')).to.match(/\bfastify@.*\bpino@.*\bprom-client@/);
    const marked = components.filter(({properties}) =>
      properties?.some(({name, value}) => name === 'cdx:npm:package:bundled' && value === 'true'),
    );
    expect(marked.map((component) => component['bom-ref'])).to.have.members([...new Set(bundled)]);
    for (const {scope} of marked) expect(scope).to.equal('required');
  });

  it('lists what is installed with it, and nothing else of what development needs', () => {
    const {packages} = JSON.parse(read('package-lock.json'));
    const keysOf = (names: object) =>
      Object.keys(names).map((name) => `${name}@${packages[`node_modules/${name}`].version}`);
    const {dependencies, optionalDependencies, devDependencies} = packages[''];
    expect([...byRef.keys()]).to.include.members([...keysOf(dependencies), ...keysOf(optionalDependencies)]);
    for (const key of keysOf(dependencies)) expect(byRef.get(key)!.scope, key).to.equal('required');
    for (const key of keysOf(optionalDependencies)) expect(byRef.get(key)!.scope, key).to.equal('optional');
    const {mocha, typescript, esbuild} = devDependencies;
    for (const key of keysOf({mocha, typescript, esbuild})) expect([...byRef.keys()]).not.to.include(key);
  });

  it('can be checked: each package has its digest, and each dependency is listed', () => {
    for (const {hashes, 'bom-ref': ref} of components) expect(hashes, ref).to.have.length(1);
    const known = [...byRef.keys(), metadata.component['bom-ref']];
    for (const {ref, dependsOn = []} of dependencies) expect(known).to.include.members([ref, ...dependsOn]);
  });

  it('has nothing of the machine that it was made on', () => {
    expect(text).not.to.include(ROOT);
    expect(text).not.to.match(/"timestamp"|"serialNumber"/);
  });
});
