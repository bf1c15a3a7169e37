import { existsSync } from 'node:fs';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { expect } from 'vitest';
import { resources } from '../resources/index.js';
import { tools } from '../tools/index.js';
import { test } from './support/served.js';

test('tools/list is the published contract', async ({ client }) => {
  const listed = await client.tools();
  await expect(`${JSON.stringify(listed, null, 2)}\n`).toMatchFileSnapshot('__snapshots__/tools.json');
});

test('resource templates are the published contract', async ({ client }) => {
  const resourceTemplates = await client.templates();
  await expect(`${JSON.stringify(resourceTemplates, null, 2)}\n`).toMatchFileSnapshot(
    '__snapshots__/resource-templates.json',
  );
});

test('tools/list fits its budget: 12 tools, 12 KB, 3,000 tokens, 450 a tool', async ({ client }) => {
  const listed = await client.tools();
  const text = JSON.stringify(listed);
  expect(listed.length).toBeLessThanOrEqual(12);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(12 * 1024);
  expect(encode(text).length).toBeLessThanOrEqual(3000);
  for (const tool of listed) expect(encode(JSON.stringify(tool)).length, tool.name).toBeLessThanOrEqual(450);
});

test('no description hides anything from the reader', async ({ client }) => {
  const listed = await client.tools();
  expect(JSON.stringify(listed)).not.toMatch(/[\p{Cf}\p{Co}\u{E0000}-\u{E007F}]/u);
});

test.for(tools)(
  '$name says all it may need: title, hints, constraints of its arguments, workspace',
  async tool => {
    expect(tool.description.length).toBeLessThanOrEqual(300);
    expect(tool.title).not.toBe('');
    expect(Object.keys(tool.annotations).sort()).toEqual([
      'destructiveHint',
      'idempotentHint',
      'openWorldHint',
      'readOnlyHint',
    ]);
    // A client without a person at it refuses whatever may destroy, or reach beyond what was configured.
    expect(tool.annotations).toMatchObject({ destructiveHint: false, openWorldHint: false });
    expect(Object.keys(tool.input.shape)).toContain('workspace');
    expect(Object.keys((await tool.output()).shape)).toEqual(expect.arrayContaining(['workspace', 'next']));
    for (const [name, field] of Object.entries(tool.input.shape))
      expect(field.description, name).toBeTruthy();
  },
);

test.for(tools)('$name has its own source file and test file', ({ name }) => {
  const file = name.replaceAll('_', '-');
  expect([existsSync(`tools/${file}.ts`), existsSync(`test/tools/${file}.test.ts`)]).toEqual([true, true]);
});

test.for(resources)('resource $name has every variable of its URI in its schema', ({ uri, params }) => {
  const variables = [...uri.matchAll(/\{(\w+)\}/g)].map(match => match[1]);
  expect(Object.keys(params.shape).sort()).toEqual(variables.sort());
});
