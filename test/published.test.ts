import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { publishedSchema, SCHEMA_NAMES } from '../schemas/published.js';
import { ENVIRONMENT } from '../src/environment.js';
import { REASONS } from '../src/origin/reasons.js';
import { packetRules } from '../src/packet/documents.js';
import type { Rule } from '../src/rule.js';
import { trackerRules } from '../src/tracker/rules.js';
import { VERSION } from '../src/version.js';
import { tools } from '../tools/index.js';

/** Files that we publish and never edit by hand; `npm run gen` rewrites them. */
test.for(SCHEMA_NAMES)('schemas/%s.schema.json is what the code says', async name => {
  await expect(`${JSON.stringify(publishedSchema(name), null, 2)}\n`).toMatchFileSnapshot(
    `../schemas/${name}.schema.json`,
  );
});

test('no schema file is left over', () => {
  const files = readdirSync('schemas').filter(name => name.endsWith('.schema.json'));
  expect(files.sort()).toEqual(SCHEMA_NAMES.map(name => `${name}.schema.json`).sort());
});

test('docs/tools.md is what the tools say', async () => {
  await expect(toolReference()).toMatchFileSnapshot('../docs/tools.md');
});

test('docs/lint-rules.md is what the rules say', async () => {
  await expect(ruleReference()).toMatchFileSnapshot('../docs/lint-rules.md');
});

test('docs/evidence-verdicts.md is what the reasons say', async () => {
  await expect(verdictReference()).toMatchFileSnapshot('../docs/evidence-verdicts.md');
});

test('docs/environment.md is what the table says', async () => {
  await expect(environmentReference()).toMatchFileSnapshot('../docs/environment.md');
});

test('the version is the same everywhere', () => {
  const { version } = z.object({ version: z.string() }).parse(json('package.json'));
  expect(VERSION).toBe(version);
});

test('mcp.json and .mcp.json are one file, and start the program that package.json installs', () => {
  expect(readFileSync('.mcp.json', 'utf8')).toBe(readFileSync('mcp.json', 'utf8'));
  const { bin } = z.object({ bin: z.record(z.string(), z.string()) }).parse(json('package.json'));
  expect(json('mcp.json')).toMatchObject({
    mcpServers: { 'spec-kit': { command: 'node', args: [bin['spec-kit-mcp'], 'serve'] } },
  });
});

test('AGENTS.md stays under 60 lines', () => {
  expect(readFileSync('AGENTS.md', 'utf8').split('\n').length).toBeLessThan(60);
});

test('the runtime tree has at most 60 packages, all from the registry, none with an install script', () => {
  const Package = z.looseObject({
    dev: z.boolean().optional(),
    devOptional: z.boolean().optional(),
    hasInstallScript: z.boolean().optional(),
    integrity: z.string().optional(),
    resolved: z.string().optional(),
  });
  const { packages } = z.object({ packages: z.record(z.string(), Package) }).parse(json('package-lock.json'));
  const runtime = Object.entries(packages).filter(
    ([name, entry]) => name !== '' && !entry.dev && !entry.devOptional,
  );
  expect(runtime.length).toBeGreaterThan(20);
  expect(runtime.length).toBeLessThanOrEqual(60);
  for (const [name, entry] of runtime) {
    expect(entry.hasInstallScript, name).toBeUndefined();
    expect(entry.integrity, name).toMatch(/^sha512-/);
    expect(entry.resolved ?? 'https://registry.npmjs.org/', name).toMatch(
      /^https:\/\/registry\.npmjs\.org\//,
    );
  }
});

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function toolReference(): string {
  const sections = tools.map(({ name, title, description, input, annotations }) =>
    [
      `## ${name}`,
      '',
      `${title}. ${description}`,
      '',
      annotations.readOnlyHint ? 'Reads only.' : 'Writes in the workspace.',
      '',
      '| argument | required | what |',
      '| --- | --- | --- |',
      ...Object.entries(input.shape).map(
        ([argument, field]) =>
          `| \`${argument}\` | ${field.safeParse(undefined).success ? 'no' : 'yes'} | ${(field.description ?? '').replaceAll('|', '\\|')} |`,
      ),
      '',
    ].join('\n'),
  );
  return `# Tools\n\nGenerated from the code.\n\n${sections.join('\n')}`;
}

function environmentReference(): string {
  const rows = ENVIRONMENT.map(
    ({ name, value, unset, effect }) => `| \`${name}\` | ${value} | ${unset} | ${effect} |`,
  );
  return [
    '# Environment variables',
    '',
    'Generated from the code. They are read once, when the program starts; no tool argument sets one. A flag goes before a',
    'variable, a variable before [spec-kit.toml](settings.md). What lets a stage through is recorded as a waiver in its evidence.',
    '',
    '| name | value | when not set | effect |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function ruleReference(): string {
  const all: readonly Rule[] = [...Object.values(trackerRules), ...Object.values(packetRules)];
  const sections = all.map(({ code, severity, title, why, fix }) =>
    [`## \`${code}\``, '', `**${severity}**: ${title}.`, '', `${why} ${fix}`, ''].join('\n'),
  );
  return `# Lint rules\n\nGenerated from the code. A code never changes its meaning.\n\n${sections.join('\n')}`;
}

function verdictReference(): string {
  const rows = Object.entries(REASONS).map(
    ([code, { weight, remedy }]) => `| \`${code}\` | ${weight} | ${remedy} |`,
  );
  return [
    '# Evidence without manifests',
    '',
    'Generated from the code. `verify` judges what older tools left by its bytes. A code never changes its meaning.',
    '',
    'A bundle is `invalid` when one of its reasons is; `honest_failure` when it says itself that it failed; else `false` when a',
    'reason says so; else `sound` when it claims a pass and nothing is incomplete; else `incomplete`. A note changes nothing.',
    '',
    '| reason | weight | what would make it sound |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
