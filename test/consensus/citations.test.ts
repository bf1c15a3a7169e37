import { expect, test } from 'vitest';
import { citationsIn, citedByChoice, citedPath, repositoryOf } from '../../src/consensus/citations.js';

const paths = new Set([
  'SPEC.md',
  'Makefile',
  'docs',
  'docs/a',
  'docs/a/spec.md',
  'docs/a/plan.md',
  'src/x.test.ts',
]);
const exists = (citation: string) => {
  const path = citedPath(citation);
  return path === undefined
    ? undefined
    : repositoryOf(paths, [{ positions: [{ cites: [citation] }] }]).cited.includes(path);
};

test.for([
  ['SPEC.md', true],
  ['./SPEC.md', true],
  ['`docs/a/spec.md`', true],
  ['docs/a/spec.md:12', true],
  ['docs/a/spec.md:12-40', true],
  ['SPEC.md:12', true],
  ['docs/a/spec.md#acceptance', true],
  ['docs/a/spec.md (section 2)', true],
  ['docs/a/', true],
  ['plan.md', true],
  ['x.test.ts', true],
  ['docs/a/*.md', true],
  ['docs/*/spec.md', true],
  ['docs/a/{spec,plan}.md', true],
  ['*.test.ts', true],
  ['docs/a/spe?.md', true],
  ['docs/a/none.md', false],
  ['a/spec.md', false],
  ['docs/a/{spec,none}.md', false],
  ['docs/*.md', false],
  ['*/*/*/*/*.md', false],
  ['docs/a/spec.md.bak', false],
  ['docs/a/spec-md', false],
  ['../SPEC.md', false],
  ['/etc/passwd', false],
  ['docs/{a,b,c,d,e}{a,b,c,d,e}.md', false],
  ['docs/{', false],
  ['https://example.com/SPEC.md', undefined],
  ['memory:5345211d', undefined],
  ['the constitution', undefined],
  ['#12', undefined],
  ['...', undefined],
  ['', undefined],
] as const)('%j exists: %s', ([citation, wanted]) => {
  expect(exists(citation)).toBe(wanted);
});

test('cites, files and evidence are citations; what is planned is none', () => {
  const output = {
    positions: [{ cites: ['SPEC.md', 'docs/new.md', 'SPEC.md:3'] }, 'no position'],
    research_summary: [{ cites: ['docs/a/spec.md'] }],
    surfaces: [{ files: ['src/one.ts'] }],
    code_paths: [{ files: ['src/two.ts'] }],
    evidence: [{ path: 'log_a.txt' }, 'a remark'],
    acceptance_mapping: [
      { artifact: 'docs/new.md', artifact_exists: false },
      { artifact: 'docs/old.md', artifact_exists: true },
      { artifact: 'docs/unsaid.md' },
    ],
    final_plan: { acceptance_mapping: [{ artifact: 'docs/final.md', artifact_exists: true }] },
    operations: [{ file: 'src/two.ts' }],
    diff_proposals: [{ path: 'src/one.ts' }],
    tasks: [{ artifact: 'log_a.txt' }],
  };
  expect(citationsIn(output)).toEqual(['SPEC.md', 'docs/a/spec.md', 'docs/old.md', 'docs/final.md']);
});

test('what the arbiter cites for a choice is looked up, too', () => {
  const output = {
    resolutions: [{ cites: ['SPEC.md', 'none.md'] }],
    final_plan: { resolutions: [{ cites: ['docs/a'] }] },
  };
  expect(citedByChoice(output)).toEqual(['SPEC.md', 'none.md', 'docs/a']);
  expect(repositoryOf(paths, [output]).cited).toEqual(['SPEC.md', 'docs/a']);
});

test('of very many different ones the first thousand count', () => {
  const cites = Array.from({ length: 1_500 }, (_, index) => `docs/${index}.md`);
  expect(citationsIn({ positions: [{ cites: [...cites.slice(0, 900), ...cites] }] })).toEqual(
    cites.slice(0, 1_000),
  );
  expect(citedByChoice({ resolutions: [{ cites }] })).toEqual(cites.slice(0, 1_000));
});

test('the digest is of the paths, not of their order', () => {
  const one = repositoryOf(paths, []);
  expect(one).toMatchObject({ paths: 7, cited: [] });
  expect(repositoryOf(new Set([...paths].reverse()), []).sha256).toBe(one.sha256);
  expect(repositoryOf(new Set([...paths, 'x']), []).sha256).not.toBe(one.sha256);
});

test('of patterns the first fifty are looked up', () => {
  const none = (count: number) => Array.from({ length: count }, (_, index) => `a-${index}/*.md`);
  const citedAfter = (count: number) =>
    repositoryOf(paths, [{ positions: [{ cites: [...none(count), 'docs/a/*.md'] }] }]).cited;
  expect(citedAfter(49)).toEqual(['docs/a/*.md']);
  expect(citedAfter(50)).toEqual([]);
});

test('ten thousand citations and as many globs come to an end', () => {
  const cites = Array.from({ length: 10_000 }, (_, index) => `docs/${index}/*.md`);
  const many = new Set(Array.from({ length: 20_000 }, (_, index) => `docs/${index}/a.txt`));
  expect(repositoryOf(many, [{ positions: [{ cites }] }]).cited).toEqual([]);
});
