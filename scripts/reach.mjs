// Which tests reach a source file, nearest first: by the imports of each test file, followed through src.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const IMPORTED = /(?:from|import\()\s*'(\.{1,2}\/[^']+)'|^import '(\.{1,2}\/[^']+)'/gm;
const TYPES_ONLY = /^(?:import|export) type [^;]*;$/gm;

/** Map of every test file to a map of the files that it imports, each with its distance (1 for a direct import). */
export function importsOfTests(root) {
  const known = new Map();
  const importsOf = file => {
    if (!known.has(file)) known.set(file, importedBy(root, file));
    return known.get(file);
  };
  const tests = readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.test.ts'))
    .map(name => path.posix.join('test', name.split(path.sep).join('/')))
    .sort();
  return new Map(tests.map(test => [test, distances(test, importsOf)]));
}

/** The tests that reach `file`, nearest first, of the same distance the quickest first. `costs`: test file to milliseconds. */
export function testsReaching(file, imports, costs) {
  return [...costs.keys()]
    .filter(test => imports.get(test)?.has(file))
    .sort((a, b) => imports.get(a).get(file) - imports.get(b).get(file) || costs.get(a) - costs.get(b));
}

function distances(test, importsOf) {
  const found = new Map([[test, 0]]);
  for (const [file, distance] of found)
    for (const next of importsOf(file)) if (!found.has(next)) found.set(next, distance + 1);
  return found;
}

function importedBy(root, file) {
  const source = readFileSync(path.join(root, file), 'utf8').replaceAll(TYPES_ONLY, '');
  return [...source.matchAll(IMPORTED)]
    .map(([, from, bare]) => path.posix.join(path.posix.dirname(file), (from ?? bare).replace(/\.js$/, '.ts')))
    .filter(imported => imported.endsWith('.ts') && existsSync(path.join(root, imported)));
}
