import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, posix, sep} from 'node:path';
import {expect} from 'chai';
import {ROOT} from './cli/rice.ts';

/** Which modules each module imports from, values and types alike (see ARCHITECTURE.md). */
const MAY_IMPORT: Record<string, readonly string[]> = {
  common: [],
  onnx: [],
  image: ['common'],
  model: ['common', 'image', 'onnx'],
  dataset: ['common', 'image'],
  fetching: ['common', 'image', 'dataset'],
  prediction: ['common', 'image', 'model', 'dataset'],
  scanning: ['common', 'image', 'model', 'onnx'],
  similarity: ['common', 'image', 'model', 'dataset', 'training'],
  explanation: ['common', 'image', 'model', 'onnx', 'scanning'],
  evaluation: ['common', 'image', 'model', 'dataset', 'prediction'],
  pretrained: ['common', 'fetching'],
  training: ['common', 'image', 'onnx', 'model', 'dataset', 'prediction', 'evaluation', 'pretrained'],
  server: ['common', 'image', 'model', 'prediction', 'scanning', 'explanation'],
  runs: ['common', 'image', 'model', 'evaluation', 'training'],
  tracking: ['common', 'onnx'],
  tuning: ['common', 'training'],
  auditing: ['common', 'image', 'model', 'dataset', 'prediction', 'evaluation', 'training'],
  exporting: [
    'common',
    'image',
    'onnx',
    'model',
    'dataset',
    'prediction',
    'evaluation',
    'runs',
    'training',
    'pretrained',
    'server',
  ],
  benchmarking: ['common', 'image', 'onnx', 'model', 'dataset', 'prediction', 'evaluation'],
  cli: ['common', 'image', 'model', 'prediction', 'training'],
  commands: [
    'common',
    'cli',
    'server',
    'scanning',
    'explanation',
    'similarity',
    'runs',
    'tracking',
    'tuning',
    'auditing',
    'exporting',
    'benchmarking',
    'training',
    'evaluation',
    'prediction',
    'fetching',
    'model',
    'dataset',
    'image',
  ],
};

/** Whose files the library's surface is made of. */
const LIBRARY = ['common', 'image', 'model', 'scanning', 'explanation'];

const TERMINAL_PACKAGES = ['@oclif/core', 'chalk', 'cli-progress', 'cosmiconfig'];
/** Slow to load: `await import` where they are needed. */
const LAZY_PACKAGES = [
  'onnxruntime-node',
  '@julusian/jpeg-turbo',
  'jimp',
  '@jimp/js-jpeg',
  'icodec/node',
  'libheif-js/libheif-wasm/libheif.js',
  'undici',
  '@google-cloud/storage',
];

interface Import {
  from: string;
  /** A file under `src/`, or the name of a package. */
  to: string;
  kind: 'value' | 'type' | 'lazy';
}

describe('modules', () => {
  const imports = sourceFiles().flatMap(importsOf);

  it('are all known', () => {
    const folders = readdirSync(join(ROOT, 'src'), {withFileTypes: true}).filter((entry) => entry.isDirectory());
    expect(folders.map(({name}) => name).sort()).to.deep.equal(Object.keys(MAY_IMPORT).sort());
  });

  it('import only from those that they may', () => {
    const forbidden = imports.filter(({from, to}) => {
      if (!to.endsWith('.ts')) return false;
      const [module, other] = [moduleOf(from), moduleOf(to)];
      return module === undefined
        ? !LIBRARY.includes(other ?? '')
        : module !== other && !MAY_IMPORT[module].includes(other ?? '');
    });
    expect(forbidden.map(describeImport)).to.deep.equal([]);
  });

  it('import from all that they may: a permission that nobody uses is gone', () => {
    const used = new Set(imports.map(({from, to}) => `${moduleOf(from)} > ${moduleOf(to)}`));
    const unused = permissions().filter(({from, to}) => !used.has(`${from} > ${to}`));
    expect(unused).to.deep.equal([]);
  });

  it('are described as they are', () => {
    const rows = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `(\w+)` \| .* \| ([^|]+) \|$/gm);
    const described = [...rows].map(([, name, others]) => {
      return [name, others === '-' ? [] : others.split(', ').sort()];
    });
    const allowed = Object.entries(MAY_IMPORT).map(([name, others]) => {
      return [name, others.filter((other) => other !== 'common').sort()];
    });
    expect(Object.fromEntries(described)).to.deep.equal(Object.fromEntries(allowed));
  });

  it('form no circle, and neither do files, types included', () => {
    expect(findCircle(permissions())).to.equal(undefined);
    expect(findCircle(imports)).to.equal(undefined);
  });

  it('leave oclif and the terminal to cli and commands', () => {
    const users = imports.filter(({to}) => TERMINAL_PACKAGES.includes(to)).map(({from}) => moduleOf(from));
    expect(new Set(users)).to.deep.equal(new Set(['cli', 'commands']));
  });

  it('load heavy packages only when they are needed', () => {
    const heavy = imports.filter(({to}) => LAZY_PACKAGES.includes(to));
    expect(heavy.filter(({kind}) => kind === 'lazy')).to.not.have.length(0);
    expect(heavy.filter(({kind}) => kind === 'value').map(describeImport)).to.deep.equal([]);
  });

  it('leave a command to itself: none imports another', () => {
    const commandOf = (file: string) => /^commands\/([^/]+)\//.exec(file)?.[1];
    const across = imports.filter(({from, to}) => commandOf(to) !== undefined && commandOf(from) !== commandOf(to));
    expect(across.map(describeImport)).to.deep.equal([]);
  });
});

describe('the search for circles', () => {
  it('finds one, and names it', () => {
    const chain = [
      {from: 'a', to: 'b'},
      {from: 'b', to: 'c'},
    ];
    expect(findCircle(chain)).to.equal(undefined);
    expect(findCircle([...chain, {from: 'c', to: 'b'}])).to.equal('b > c > b');
  });
});

function sourceFiles(): string[] {
  const names = readdirSync(join(ROOT, 'src'), {recursive: true, encoding: 'utf8'});
  return names.filter((name) => name.endsWith('.ts')).map((name) => name.replaceAll(sep, '/'));
}

function importsOf(from: string): Import[] {
  const text = readFileSync(join(ROOT, 'src', from), 'utf8');
  const found: Import[] = [];
  const add = (specifier: string, kind: Import['kind']) => {
    const to = specifier.startsWith('.') ? posix.join(dirname(from), specifier) : specifier;
    found.push({from, to, kind});
  };
  for (const [, what, specifier] of text.matchAll(/^(?:import|export)\s+([^;'"]*?)\s*from '([^']+)'/gm))
    add(specifier, isTypeOnly(what) ? 'type' : 'value');
  for (const [, specifier] of text.matchAll(/^import '([^']+)'/gm)) add(specifier, 'value');
  for (const [, before, specifier] of text.matchAll(/(typeof )?import\('([^']+)'\)/g))
    add(specifier, before ? 'type' : 'lazy');
  return found;
}

/** `type {A}` and `{type A, type B}` vanish when compiled. */
function isTypeOnly(what: string): boolean {
  if (what.startsWith('type ')) return true;
  const names = /^\{([^}]*)\}$/s
    .exec(what)?.[1]
    .split(',')
    .filter((name) => name.trim() !== '');
  return names?.every((name) => name.trim().startsWith('type ')) ?? false;
}

function moduleOf(file: string): string | undefined {
  return file.includes('/') ? file.split('/')[0] : undefined;
}

function findCircle(edges: {from: string; to: string}[]): string | undefined {
  const next = new Map<string, string[]>();
  for (const {from, to} of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (node: string, path: string[]): string | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node].join(' > ');
    if (done.has(node)) return undefined;
    for (const other of next.get(node) ?? []) {
      const circle = visit(other, [...path, node]);
      if (circle) return circle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of next.keys()) {
    const circle = visit(node, []);
    if (circle) return circle;
  }
  return undefined;
}

function permissions(): {from: string; to: string}[] {
  return Object.entries(MAY_IMPORT).flatMap(([from, others]) => others.map((to) => ({from, to})));
}

function describeImport({from, to}: Import): string {
  return `${from} imports ${to}`;
}
