import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = dirname(import.meta.dirname);
const sources = globSync('{src,main,renderer}/**/*.{ts,tsx}', { cwd: root }).sort();

interface Import {
  readonly from: string;
  /** A path inside the project, or a package's name. */
  readonly to: string;
  readonly isTypeOnly: boolean;
}
const imports = sources.flatMap(readImports);

/** Which layer may import which, beside itself. */
const layers: Record<string, readonly string[]> = {
  'src/contract': [],
  'src/engine': ['src/contract'],
  'src/history': ['src/contract'],
  'src/service': ['src/contract', 'src/engine', 'src/history'],
  'src/cli': ['src/contract', 'src/engine', 'src/service'],
  // The environment of the engine's processes is data, and npm's scripts need it in plain JavaScript.
  main: ['src/contract', 'scripts/engine-environment.mjs'],
  renderer: ['src/contract'],
};

/** The parts of the engine, top to bottom: each may import those on the lines below it. Files beside the folders are on top. */
const engineParts = [
  ['experiments'],
  ['comparison'],
  ['planning'],
  ['run'],
  ['evaluation', 'export'],
  ['generation'],
  ['pruning'],
  ['importance'],
  ['streaming'],
  ['calibration'],
  ['checkpoint'],
  ['tokenizer'],
  ['model'],
  ['tensor'],
];
/** Data about a model that the maths is generic over. */
const sharedByTheModel = ['src/engine/checkpoint/config.ts', 'src/engine/checkpoint/weight-names.ts'];

describe('layers', () => {
  it('import only the layers below them', () => {
    expect(imports.filter((one) => isOurs(one.to) && !isAllowedLayer(one)).map(describeImport)).toEqual([]);
  });

  it('leave Electron to main, React to the renderer and tfjs to src/engine/tensor', () => {
    const owners: [RegExp, string][] = [
      [/^electron($|\/)/, 'main'],
      [/^(react|react-dom|@mui\/[^/]+)($|\/)/, 'renderer'],
      [/^@tensorflow\//, 'src/engine/tensor'],
    ];
    const foreign = imports.filter(({ from, to }) =>
      owners.some(([name, owner]) => name.test(to) && !isIn(from, owner)),
    );
    expect(foreign.map(describeImport)).toEqual([]);
  });

  it('keep Node out of the renderer and the contract', () => {
    const isNode = (name: string) => name.startsWith('node:') || builtinModules.includes(name);
    const foreign = imports.filter(
      ({ from, to }) => isNode(to) && (isIn(from, 'renderer') || isIn(from, 'src/contract')),
    );
    expect(foreign.map(describeImport)).toEqual([]);
  });
});

describe('the engine', () => {
  it('has no part that this test does not know', () => {
    const parts = new Set(sources.filter((file) => isIn(file, 'src/engine')).map(enginePart));
    expect([...parts].filter((part) => part !== '' && !engineParts.flat().includes(part))).toEqual([]);
  });

  it('depends down the page (a type may be imported from anywhere)', () => {
    const upwards = imports.filter(
      (one) =>
        isIn(one.from, 'src/engine') &&
        isIn(one.to, 'src/engine') &&
        !one.isTypeOnly &&
        !sharedByTheModel.includes(one.to) &&
        enginePart(one.from) !== enginePart(one.to) &&
        engineHeight(one.from) <= engineHeight(one.to),
    );
    expect(upwards.map(describeImport)).toEqual([]);
  });
});

describe('files', () => {
  const written = [...sources, ...globSync('scripts/**/*.{ts,mjs}', { cwd: root })];

  it('can be read in one sitting: no more than 300 lines', () => {
    expect(written.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 301)).toEqual(
      [],
    );
  });

  it('are named after what they hold, in kebab-case', () => {
    const vague = /(^|-)(utils?|helpers?|managers?|misc|common)(\.|-)/;
    const badlyNamed = written
      .map((file) => basename(file))
      .filter((name) => vague.test(name) || !/^[a-z0-9.-]+$/.test(name));
    expect(badlyNamed).toEqual([]);
  });
});

function readImports(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8');
  const statements = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/gm,
  );
  return [...statements].map(([, type, statement, call]) => {
    const name = statement ?? call ?? '';
    const to = name.startsWith('.') ? normalize(join(dirname(from), name)) : name;
    return { from, to, isTypeOnly: type !== undefined };
  });
}

function isIn(file: string, folder: string): boolean {
  return !relative(folder, file).startsWith('..');
}

function isOurs(name: string): boolean {
  return /^(src|main|renderer|scripts|bench|test)\//.test(name);
}

function isAllowedLayer({ from, to }: Import): boolean {
  const [layer, below] = Object.entries(layers).find(([folder]) => isIn(from, folder)) ?? ['', []];
  return [layer, ...below].some((folder) => folder !== '' && isIn(to, folder));
}

/** The folder below src/engine; empty for a file beside the folders. */
function enginePart(file: string): string {
  const part = dirname(relative('src/engine', file)).split('/')[0] ?? '';
  return part === '.' ? '' : part;
}

/** 0 is the bottom. */
function engineHeight(file: string): number {
  const line = engineParts.findIndex((parts) => parts.includes(enginePart(file)));
  return line === -1 ? engineParts.length : engineParts.length - 1 - line;
}

function describeImport({ from, to }: Import): string {
  return `${from} imports ${to}`;
}
