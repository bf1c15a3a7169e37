import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { tools } from '../../tools/index.js';
import { SPEC_ID, writePacket } from '../support/packet.js';
import { test as base } from '../support/served.js';

/** A folder beside the workspace that no call may touch, and the digest of all in it. */
const test = base.extend<{ outside: string }>({
  outside: async ({ repo }, use) => {
    const folder = `${repo.root}_evil`;
    mkdirSync(folder);
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

const PATHS = [
  '../x',
  '..',
  'a/../../x',
  '..\\x',
  '%2e%2e%2fx',
  '..%2fx',
  '/etc/passwd',
  '//etc/passwd',
  '~/x',
  'C:\\x',
  'C:x',
  '\\\\host\\share',
  'file:///etc/passwd',
  'CON',
  'nul.txt',
  'x\0y',
  'x\ny',
  'x\ry',
  ' x',
  'x ',
  'x.',
  '"x"',
  "'x'",
  '`x`',
  '$(touch canary)',
  '; touch canary',
  '| touch canary',
  '-rf',
  '--',
  '.git/config',
  '.git/hooks/post-commit',
  'a\u202ecod.x',
  'a\u200bb',
  'ｅvil',
  'e\u0301vil',
  '\ud800',
  'x'.repeat(5000),
  '',
];

const OPTIONS = [
  '--output=canary',
  '-O/x.sh',
  '--ext-diff',
  '--upload-pack=touch canary',
  '--receive-p=x',
  '-c core.fsmonitor=x',
  '--exec-path=/x',
  '@{-1}',
  ':/x',
  'a..b --output=canary',
  'HEAD\n--output=canary',
];

/** What a call needs beside the argument under test to get as far as using it. */
const GOOD: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  run_guardrail: { specId: SPEC_ID, stage: 'plan' },
  hal_smoke: { specId: SPEC_ID },
  lint_tasks: {},
  write_evidence: { specId: SPEC_ID, name: 'note.txt', content: 'x' },
  spec_status: {},
  new_spec: { title: 'x', dryRun: true },
  update_task: { taskId: 'T1', note: 'x' },
  verify_evidence: {},
};

/** Arguments that hold words of people or agents: anything goes, and it is only ever data. */
const WORDS = new Set([
  'content',
  'note',
  'goal',
  'output',
  'description',
  'title',
  'evidence',
  'branch',
  'pr',
  'lastValidation',
]);

/** Hostile elsewhere, a fine word here: SPEC-CON-001 is no device. */
const HARMLESS = new Set(['area "CON"']);

interface Field {
  readonly type?: string;
  readonly enum?: readonly unknown[];
}

function textArguments(tool: (typeof tools)[number]): string[] {
  const { properties = {} } = tool.input['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  return Object.entries<Field>(Object(properties))
    .filter(([, field]) => field.type === 'string')
    .map(([name]) => name);
}

/** Names and contents of everything below a folder, the evidence and git's own left aside. */
function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/^(\.git|docs\/SPEC-OPS-004-integrated-coder-hooks)(\/|$)/.test(name) || name === 'SPEC.md') continue;
    const full = path.join(folder, name);
    hash.update(`${name}\n`);
    if (statSync(full).isFile()) hash.update(readFileSync(full));
  }
  return hash.digest('hex');
}

test.for(tools)(
  '$name takes no hostile text for a path, a reference, a flag or a program',
  async (tool, { repo, client, outside }) => {
    writePacket(repo);
    const before = digestOf(repo.root);
    const names = textArguments(tool);
    expect(names).toContain('workspace');
    for (const name of names) {
      for (const value of [...PATHS, ...OPTIONS]) {
        const result = await client.call(tool.name, { ...GOOD[tool.name], [name]: value });
        const at = `${name} ${JSON.stringify(value).slice(0, 60)}`;
        if (!WORDS.has(name) && !HARMLESS.has(at))
          expect(result.isError || isRefusal(result.text), at).toBe(true);
        expect(result.text, at).not.toMatch(/node_modules|root:x:0|\n\s+at /);
        expect(result.text.length, at).toBeLessThanOrEqual(8192);
      }
    }
    expect(readdirSync(outside)).toEqual([]);
    expect(digestOf(repo.root)).toBe(before);
    expect(readdirSync(path.dirname(repo.root))).not.toContain('canary');
    expect(readdirSync(repo.root)).not.toContain('canary');
  },
);

/** A linter says what is wrong with a path as a finding. */
function isRefusal(text: string): boolean {
  return /"error":[1-9]/.test(text);
}
