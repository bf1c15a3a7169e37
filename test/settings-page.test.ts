import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Settings } from '../schemas/settings.js';
import { settingsIn } from '../src/settings/load.js';

const page = readFileSync('docs/settings.md', 'utf8');

/** Rows of the page's tables: what stands in the cells of `key`, `type` and `default`. */
const rows = [...page.matchAll(/^\| `([a-z_.<>]+)` \| (.+?) \| (.+?) \| .+ \|$/gm)].map(
  ([, key = '', type = '', fallback = '']) => ({ key, type, fallback }),
);

/** What the page calls the names that a person chooses. */
const CHOSEN: Readonly<Record<string, string>> = {
  commands: '<name>',
  agents: '<role>',
  budgets: '<stage>',
  prices: '<model>',
};

interface Key {
  readonly key: string;
  /** As in the schema, with its default. */
  readonly schema: z.ZodType;
  readonly words: readonly string[];
}

/** Every key that spec-kit.toml may have, in the order of the schema. */
function keysOf(schema: z.core.$ZodType, path: readonly string[] = []): readonly Key[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodObject)
    return Object.entries(inner.shape).flatMap(([key, value]) =>
      keysOf(z.instanceof(z.ZodType).parse(value), [...path, key]),
    );
  if (inner instanceof z.ZodRecord) return keysOf(inner.valueType, [...path, CHOSEN[path.join('.')] ?? '?']);
  const words =
    inner instanceof z.ZodEnum ? inner.options : inner instanceof z.ZodLiteral ? [...inner.values] : [];
  return [{ key: path.join('.'), schema: z.instanceof(z.ZodType).parse(schema), words: words.map(String) }];
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? bare(schema.def.innerType)
    : schema;
}

const keys = keysOf(Settings);

test('the page has every key of spec-kit.toml and no other, in the order of the file', () => {
  expect(keys.length).toBeGreaterThan(40);
  expect(rows.map(({ key }) => key)).toEqual(keys.map(({ key }) => key));
});

test.for(keys)('the page says the type and the default of $key', ({ key, schema, words }) => {
  const row = rows.find(each => each.key === key);
  for (const word of words) expect(row?.type).toContain(`\`"${word}"\``);
  const shown = /^`(.+)`$/.exec(row?.fallback ?? '')?.[1];
  const byItself = schema.safeParse(undefined);
  if (byItself.data === undefined)
    expect(row?.fallback === 'required').toBe(!byItself.success && !key.includes('.report.'));
  else expect(schema.parse(JSON.parse(shown ?? 'null'))).toEqual(byItself.data);
});

test('the example is a whole file that is taken, with every table', async () => {
  const [, example = ''] = /```toml\n([\s\S]*?)```/.exec(page) ?? [];
  const { settings } = await settingsIn(Buffer.from(example));
  expect(settings.commands['test']).toMatchObject({ timeout: 1_200_000, min_tests: 10 });
  for (const table of Object.keys(Settings.shape))
    expect(example).toMatch(new RegExp(`^\\[${table}\\b`, 'm'));
});

test.for([
  'README.md',
  'SECURITY.md',
  'docs/operating.md',
  'docs/agents.md',
  'docs/consensus.md',
  'docs/environment.md',
])('%s leads to it', file => {
  expect(readFileSync(file, 'utf8')).toMatch(/\]\((docs\/)?settings\.md\)/);
});
