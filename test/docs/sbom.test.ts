import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Version} from '@cyclonedx/cyclonedx-library/Spec';
import {JsonStrictValidator} from '@cyclonedx/cyclonedx-library/Validation';
import {expect} from 'chai';
import type {RiceMetadata} from '../../src/model/metadata.ts';
import {readMetadata} from '../../src/onnx/model.ts';
import {HAS_MODEL} from '../cli/rice.ts';

interface Component {
  'bom-ref': string;
  type: string;
  scope?: string;
  version?: string;
  modelCard?: {
    modelParameters: {
      modelArchitecture: string;
      inputs: {format: string}[];
      datasets: {contents: {properties: {value: string}[]}}[];
    };
    quantitativeAnalysis: {
      performanceMetrics: {value: string; slice: string; confidenceInterval: {lowerBound: string}}[];
    };
    considerations: {technicalLimitations: string[]};
  };
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

  it('has a card of the model, of what its file says', function () {
    if (!HAS_MODEL) this.skip();
    const bytes = readFileSync(join(ROOT, 'models', 'rice.onnx'));
    const {version, training, accuracy, input} = JSON.parse(readMetadata(bytes)!.rice) as RiceMetadata;
    const model = byRef.get('models/rice.onnx')!;
    expect([model.type, model.version]).to.deep.equal(['machine-learning-model', version]);
    expect(model.hashes![0].content).to.equal(createHash('sha256').update(bytes).digest('hex'));
    const {modelParameters, quantitativeAnalysis, considerations} = model.modelCard!;
    expect(modelParameters.modelArchitecture).to.equal(training.network);
    expect(modelParameters.inputs).to.deep.equal([{format: `image: uint8 [N, ${input.height}, ${input.width}, 3]`}]);
    expect(modelParameters.datasets[0].contents.properties[0].value).to.equal(training.dataset.digest);
    const [test] = quantitativeAnalysis.performanceMetrics;
    expect([test.value, test.slice]).to.deep.equal([
      `${accuracy.test!.accuracy}`,
      `test part, ${accuracy.test!.images} pictures`,
    ]);
    // Five mistakes among 6,073: Wilson's interval begins at 0.998074.
    if (accuracy.test!.images === 6073)
      expect(Number(test.confidenceInterval.lowerBound)).to.be.closeTo(0.998074, 1e-6);
    expect(considerations.technicalLimitations).to.have.length.above(2);
    expect(considerations.technicalLimitations.join('')).not.to.match(/[`\n]/);
    const others = components.filter(({type, modelCard}) => type === 'machine-learning-model' && !modelCard);
    expect(others.map((component) => component['bom-ref'])).to.have.members([
      'models/foreground.onnx',
      'models/separation.onnx',
    ]);
  });

  it('has nothing of the machine that it was made on', () => {
    expect(text).not.to.include(ROOT);
    expect(text).not.to.match(/"timestamp"|"serialNumber"/);
  });
});
