import { expect } from 'vitest';
import { createPathAsker, normalPath } from '../../src/tracker/path-facts.js';
import { candidates, pathItems } from '../../src/tracker/path-items.js';
import { test } from '../support/workspace.js';

test.for<[cell: string, items: [kind: string, path: string][]]>([
  ['docs/a.md', [['path', 'docs/a.md']]],
  [
    'docs/a.md, docs/b.md',
    [
      ['path', 'docs/a.md'],
      ['path', 'docs/b.md'],
    ],
  ],
  [
    'docs/a.md; docs/b.md',
    [
      ['path', 'docs/a.md'],
      ['path', 'docs/b.md'],
    ],
  ],
  [
    'a.md<br>b.md<br/>c.md<BR />d.md',
    [
      ['path', 'a.md'],
      ['path', 'b.md'],
      ['path', 'c.md'],
      ['path', 'd.md'],
    ],
  ],
  [
    'a.md<br >b.md',
    [
      ['path', 'a.md'],
      ['path', 'b.md'],
    ],
  ],
  ['a.md<brr>b.md', [['path', 'a.md<brr>b.md']]],
  [', ,; ', []],
  ['`docs/a, b.md`', [['prose', 'docs/a, b.md']]],
  [
    '`a.md`, "b.md", \'c.md\', *d.md*, <e.md>',
    [
      ['path', 'a.md'],
      ['path', 'b.md'],
      ['path', 'c.md'],
      ['path', 'd.md'],
      ['path', 'e.md'],
    ],
  ],
  ['**`a.md`**', [['path', 'a.md']]],
  [
    '<a.md, a.md>',
    [
      ['path', '<a.md'],
      ['prose', 'a.md>'],
    ],
  ],
  ['`a.md*', [['prose', '`a.md*']]],
  ['``', [['prose', '``']]],
  ['docs/a.md (275 lines, checked)', [['path', 'docs/a.md']]],
  ['(docs/a.md)', [['path', '(docs/a.md)']]],
  [' (docs/a.md)', [['path', '(docs/a.md)']]],
  [
    'docs/a.md)), docs/b.md',
    [
      ['path', 'docs/a.md))'],
      ['path', 'docs/b.md'],
    ],
  ],
  ['see (docs/a.md, docs/b.md', [['prose', 'see (docs/a.md, docs/b.md']]],
  ['[the plan, all of it](docs/plan.md)', [['path', 'docs/plan.md']]],
  ['[the plan](docs/plan.md) (draft)', [['path', 'docs/plan.md']]],
  [
    'https://example.com/a, ftp://host/b',
    [
      ['url', 'https://example.com/a'],
      ['url', 'ftp://host/b'],
    ],
  ],
  ['h://a/b', [['path', 'h://a/b']]],
  ['1ttp://a/b', [['path', '1ttp://a/b']]],
  ['docs/*.md', [['prose', 'docs/*.md']]],
  ['[a](docs/a_(1).md)', [['path', 'docs/a_(1).md']]],
  ['[a](<docs/a.md>)', [['path', 'docs/a.md']]],
  ['[a](docs/a.md', [['path', '[a](docs/a.md']]],
  ['[a] docs/a.md)', [['prose', '[a] docs/a.md)']]],
  ['1/2', [['prose', '1/2']]],
  ['1/x', [['path', '1/x']]],
  ['1//2', [['path', '1//2']]],
  ['./', [['prose', './']]],
  ['.', [['prose', '.']]],
  ['/', [['path', '/']]],
  ['..', [['path', '..']]],
  ['../a', [['path', '../a']]],
  ['.env', [['path', '.env']]],
  ['a.env', [['path', 'a.env']]],
  ['LICENSE', [['prose', 'LICENSE']]],
  ['version 1.2', [['prose', 'version 1.2']]],
  ['1.2', [['prose', '1.2']]],
  ['a.md#part', [['path', 'a.md#part']]],
  ['a.md:12', [['path', 'a.md:12']]],
  ['a.thisisfartoolong', [['prose', 'a.thisisfartoolong']]],
  ['tests passed', [['prose', 'tests passed']]],
  ['a\\|b/c.md', [['path', 'a|b/c.md']]],
])('the cell %j lists %j', ([cell, items]) => {
  expect(pathItems(cell).map(({ kind, path }) => [kind, path])).toEqual(items);
});

test('an item keeps how it stands in the cell', () => {
  expect(pathItems(' `a.md` (old) , b.md').map(({ text }) => text)).toEqual(['`a.md` (old)', 'b.md']);
});

test.for<[path: string, places: string[]]>([
  ['a.md', ['a.md']],
  ['a.md#part', ['a.md#part', 'a.md']],
  ['a#b/c.md', ['a#b/c.md']],
  ['a.md:12', ['a.md:12', 'a.md']],
  ['a.md:12-40', ['a.md:12-40', 'a.md']],
  ['a.md:12-', ['a.md:12-']],
  ['a.md:x', ['a.md:x']],
  ['a:1:2', ['a:1:2', 'a:1']],
  [':12', [':12']],
  ['#part', ['#part']],
])('%s may stand for %j', ([path, places]) => {
  expect(candidates(path)).toEqual(places);
});

test.for([
  ['./docs/a.md', 'docs/a.md'],
  ['docs//a.md', 'docs/a.md'],
  ['docs/', 'docs'],
  ['.', ''],
  ['./', ''],
  ['docs/..', ''],
  ['../a', '../a'],
  ['.hidden', '.hidden'],
] as const)('git names %s as "%s"', ([path, name]) => {
  expect(normalPath(path)).toBe(name);
});

const tracked = new Set([
  'docs',
  'docs/proof.md',
  'docs/one/only.md',
  'docs/one/twin.md',
  'docs/two/twin.md',
  'LICENSE',
  'test plan.md',
]);

test.for<[cell: string, facts: object]>([
  ['docs/proof.md, docs', { existing: 2 }],
  ['./docs/proof.md, docs/', { existing: 2 }],
  ['docs/proof.md#part, docs/proof.md:12', { existing: 2 }],
  ['docs/proof.md, docs/none.md', { existing: 1, problems: [{ what: 'missing', elsewhere: '' }] }],
  ['only.md', { problems: [{ what: 'missing', elsewhere: 'docs/one/only.md' }] }],
  ['src/only.md', { problems: [{ what: 'missing', elsewhere: 'docs/one/only.md' }] }],
  ['twin.md', { problems: [{ what: 'missing', elsewhere: '' }] }],
  ['new.md', { existing: 1, problems: [{ what: 'untracked', elsewhere: '' }] }],
  [
    '/etc/passwd, ../x.md, ~/x.md',
    { problems: [{ what: 'outside' }, { what: 'outside' }, { what: 'outside' }] },
  ],
  ['LICENSE, test plan.md', { existing: 2 }],
  ['looked at by Ana, https://example.com/a', { prose: 1, urls: 1 }],
  ['https://example.com/a, https://example.com/b', { urls: 2 }],
  ['n'.repeat(256), { prose: 1 }],
])('the cell %j comes to %j', ([cell, facts], { repo, workspace }) => {
  for (const path of ['docs/proof.md', 'LICENSE', 'test plan.md', 'new.md']) repo.write(path, 'p');
  const asker = createPathAsker(workspace.files, tracked);
  expect(asker.facts(cell)).toMatchObject({ existing: 0, problems: [], prose: 0, urls: 0, ...facts });
  expect(asker.facts(cell)).toBe(asker.facts(cell));
});

test('nothing is untracked where git could not be asked', ({ repo, workspace }) => {
  repo.write('new.md', 'p');
  expect(createPathAsker(workspace.files, undefined).facts('new.md')).toMatchObject({
    existing: 1,
    problems: [],
  });
});
