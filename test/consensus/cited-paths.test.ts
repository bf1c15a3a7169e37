import { expect, test } from 'vitest';
import { citedPaths } from '../../src/consensus/cited-paths.js';

const top = new Set(['src', 'docs']);
const pathsOf = (text: string) => citedPaths(text, name => top.has(name)).map(({ path }) => path);

test.for([
  ['See docs/a/spec.md, and src/x.ts.', ['docs/a/spec.md', 'src/x.ts']],
  ['In src/server/ or src/server.', ['src/server']],
  ['either/or, and/or docs', []],
  ['lib/a.ts is new', ['lib/a.ts']],
  ['src/*.ts docs/{a,b}.md docs/<name>.md src/a$b', []],
  ['https://example.com/docs/a.md', []],
  ['tasks.md/spec.md name two', []],
  ['~/docs/a.md @org/docs/a.md x-docs/a.md', ['x-docs/a.md']],
  ['docs/a.md:12 is a line', []],
  ['src/a.toolongextension lib/b.toolongextension lib/c.ok', ['src/a.toolongextension', 'lib/c.ok']],
] as const)('%j names %j', ([text, paths]) => {
  expect(pathsOf(text)).toEqual(paths);
});

test('each path is told once, with the line where it stands first', () => {
  const text = 'one\n\ndocs/a.md\ndocs/b.md docs/a.md\n\n\ndocs/b.md docs/c.md\n';
  expect(citedPaths(text, () => false)).toEqual([
    { path: 'docs/a.md', line: 3 },
    { path: 'docs/b.md', line: 4 },
    { path: 'docs/c.md', line: 7 },
  ]);
});

test('of very many paths the first two thousand are told, and a line is read to 20,000 characters', () => {
  const words = Array.from({ length: 2_500 }, (_, index) => `docs/${index}.md`);
  expect(pathsOf(words.join('\n'))).toEqual(words.slice(0, 2_000));
  const far = `${'x '.repeat(9_990)} docs/near.md docs/far.md`;
  expect(pathsOf(far)).toEqual(['docs/near.md']);
});
