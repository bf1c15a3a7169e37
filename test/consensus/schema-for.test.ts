import { expect, test } from 'vitest';
import { STAGES } from '../../schemas/ids.js';
import { rosterOf, stageOf } from '../../src/consensus/roster.js';
import { escalationSchemaFor, schemaDigest, schemaFor } from '../../src/consensus/schema-for.js';

const vocabulary = {
  stage: 'spec-plan',
  specId: 'SPEC-KIT-DEMO',
  runId: '20261124T170000Z-0a1b2c3d',
  promptVersion: '20251002-plan-a',
  criteria: ['AC-1', 'R2'],
  steps: ['S1', 'S2'],
};

interface Node {
  readonly type?: string;
  readonly properties?: Record<string, Node>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly enum?: readonly string[];
}

function nodes(node: Node): Node[] {
  const below = [
    ...Object.values(node.properties ?? {}),
    ...(node.items === undefined ? [] : [node.items]),
    ...(node.anyOf ?? []),
  ];
  return [node, ...below.flatMap(nodes)];
}

test('gpt_codex takes part in implement alone, before the arbiter', () => {
  expect(rosterOf('plan')).toEqual(['gemini', 'claude', 'gpt_pro']);
  expect(rosterOf('implement')).toEqual(['gemini', 'claude', 'gpt_codex', 'gpt_pro']);
  expect(stageOf('spec-unlock')).toBe('unlock');
  expect(stageOf('unlock')).toBeUndefined();
});

test.for(STAGES.flatMap(stage => rosterOf(stage).map(agent => [stage, agent] as const)))(
  'the schema of %s for %s is in the strict subset',
  ([stage, agent]) => {
    const all = nodes(schemaFor(stage, agent, vocabulary));
    const bounds =
      /^(minimum|maximum|minLength|maxLength|minItems|maxItems|pattern|format|default|\$ref|\$schema)$/;
    for (const node of all) {
      expect(Object.keys(node).filter(key => bounds.test(key))).toEqual([]);
      if (node.type !== 'object') continue;
      expect(node).toHaveProperty('additionalProperties', false);
      expect([...(node.required ?? [])].sort()).toEqual(Object.keys(node.properties ?? {}).sort());
    }
    expect(all.filter(node => node.type === 'object').length).toBeGreaterThan(1);
    expect(all.some(node => node.enum?.includes('needs_change'))).toBe(true);
  },
);

test('criteria and steps are closed vocabularies, and so is the header', () => {
  const enums = nodes(schemaFor('plan', 'gpt_pro', vocabulary)).map(node => node.enum);
  for (const wanted of [['AC-1', 'R2'], ['S1', 'S2'], ['spec-plan'], ['gpt_pro'], [vocabulary.runId]])
    expect(enums).toContainEqual(wanted);
});

test('without criteria there is no empty vocabulary', () => {
  const enums = nodes(schemaFor('plan', 'claude', { ...vocabulary, criteria: [] })).map(node => node.enum);
  expect(enums).not.toContainEqual([]);
});

test('the arbiter is asked once more for resolutions alone', () => {
  expect(Object.keys(escalationSchemaFor('gpt_pro', vocabulary)['properties'] ?? {})).toEqual([
    'stage',
    'spec_id',
    'run_id',
    'prompt_version',
    'agent',
    'model',
    'model_release',
    'reasoning_mode',
    'resolutions',
  ]);
});

test('an agent without a part in the stage has no schema', () => {
  expect(() => schemaFor('plan', 'gpt_codex', vocabulary)).toThrow('gpt_codex has no part in the plan stage');
});

test('the digest is of the schema and of nothing else', () => {
  const digest = schemaDigest(schemaFor('plan', 'claude', vocabulary));
  expect(schemaDigest(schemaFor('plan', 'claude', { ...vocabulary }))).toBe(digest);
  expect(schemaDigest(schemaFor('plan', 'claude', { ...vocabulary, criteria: ['AC-1'] }))).not.toBe(digest);
});
