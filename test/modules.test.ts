import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, posix, sep} from 'node:path';
import {expect} from 'chai';
import {ROOT} from './cli/rice.ts';

/** Which folders of `src/` each folder may import from (see ARCHITECTURE.md). */
const MAY_IMPORT: Record<string, readonly string[]> = {
  common: [],
  onnx: ['common'],
  image: ['common'],
  model: ['common', 'image', 'onnx'],
  dataset: ['common', 'image'],
  fetching: ['common', 'image', 'dataset'],
  prediction: ['common', 'image', 'model', 'dataset'],
  evaluation: ['common', 'image', 'model', 'dataset', 'prediction'],
  training: ['common', 'image', 'onnx', 'model', 'dataset', 'prediction', 'evaluation'],
  server: ['common', 'image', 'model', 'prediction'],
  cli: ['common', 'prediction', 'model'],
  commands: [
    'common',
    'cli',
    'server',
    'training',
    'evaluation',
    'prediction',
    'fetching',
    'model',
    'dataset',
    'onnx',
    'image',
  ],
};

/** Whose files the library's surface is made of. */
const LIBRARY = ['common', 'image', 'model'];

const TERMINAL_PACKAGES = ['@oclif/core', 'chalk', 'cli-progress', 'cosmiconfig'];
/** Slow to load: `await import` where they are needed. */
const LAZY_PACKAGES = [
  'onnxruntime-node',
  '@julusian/jpeg-turbo',
  'jimp',
  '@jimp/js-jpeg',
  '@jimp/js-png',
  'icodec/node',
  'undici',
  '@google-cloud/storage',
];

interface Import {
  from: string;
  /** A file under `src/`, or the name of a package. */
  to: string;
  kind: 'value' | 'type' | 'lazy';
}

describe('rooms', () => {
  const imports = sourceFiles().flatMap(importsOf);

  it('are all known', () => {
    const folders = readdirSync(join(ROOT, 'src'), {withFileTypes: true}).filter((entry) => entry.isDirectory());
    expect(folders.map(({name}) => name).sort()).to.deep.equal(Object.keys(MAY_IMPORT).sort());
  });

  it('import only from those that they may', () => {
    const forbidden = imports.filter(({from, to}) => {
      if (!to.endsWith('.ts')) return false;
      const [room, other] = [roomOf(from), roomOf(to)];
      return room === undefined
        ? !LIBRARY.includes(other ?? '')
        : room !== other && !MAY_IMPORT[room].includes(other ?? '');
    });
    expect(forbidden.map(describeImport)).to.deep.equal([]);
  });

  it('form no circle, and neither do files (types aside)', () => {
    const rooms = Object.entries(MAY_IMPORT).flatMap(([from, others]) => others.map((to) => ({from, to})));
    expect(findCircle(rooms)).to.equal(undefined);
    expect(findCircle(imports.filter(({kind}) => kind !== 'type'))).to.equal(undefined);
  });

  it('leave oclif and the terminal to cli and commands', () => {
    const users = imports.filter(({to}) => TERMINAL_PACKAGES.includes(to)).map(({from}) => roomOf(from));
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

function roomOf(file: string): string | undefined {
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

function describeImport({from, to}: Import): string {
  return `${from} imports ${to}`;
}
