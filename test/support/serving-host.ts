import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { workspaceInput } from '../../schemas/inputs/shared.js';
import { SpecError } from '../../src/errors.js';
import { defineResource } from '../../src/resource.js';
import { createHost, type Host, type HostParts } from '../../src/server/host.js';
import { defineTool } from '../../src/tool.js';
import type { Workspace } from '../../src/workspace/workspace.js';

const annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** A host with small tools and resources that reach every path of the server, and what happened inside them. */
export interface TestHost extends Host {
  readonly logged: string[];
  /** Names of calls whose signal was aborted. */
  readonly aborted: string[];
  readonly notes: Map<string, string>;
}

export function createTestHost(workspaces: readonly [Workspace, ...Workspace[]]): TestHost {
  const logged: string[] = [];
  const aborted: string[] = [];
  const notes = new Map([['one', 'first note']]);
  const parts: HostParts = {
    workspaces,
    log: line => logged.push(line),
    tools: [...echoTools(), ...workTools(aborted), noteTool(notes)],
    resources: noteResources(notes),
  };
  return { ...createHost(parts, 100), logged, aborted, notes };
}

function echoTools() {
  return [
    defineTool({
      name: 'echo',
      title: 'Echo',
      description: 'Gives back what it got.',
      annotations,
      input: z.strictObject({
        message: z.string().max(20_000),
        times: z.int().min(1).max(9).default(1),
        items: z.array(z.unknown()).optional(),
        ...workspaceInput,
      }),
      output: async () => z.object({ message: z.string(), workspace: z.string(), times: z.int() }),
      run: async ({ message, times }, { workspace }) => ({ message, times, workspace: workspace.label }),
    }),
    defineTool({
      name: 'sloppy',
      title: 'Sloppy',
      description: 'Returns more than its schema says and leaves a default out.',
      annotations,
      input: z.strictObject({ ...workspaceInput }),
      output: async () => z.object({ kept: z.string(), filled: z.string().default('by default') }),
      run: async () => Object.assign({ kept: 'yes' }, { extra: 'no' }),
    }),
    defineTool({
      name: 'fail',
      title: 'Fail',
      description: 'Fails as the argument says.',
      annotations,
      input: z.strictObject({ how: z.enum(['expected', 'crash', 'shape']), ...workspaceInput }),
      output: async () => z.object({ count: z.int() }),
      async run({ how }) {
        if (how === 'expected')
          throw new SpecError('NOT_FOUND', 'There is no such row. List the rows first.');
        if (how === 'crash') throw new Error('ENOENT: /home/someone/secret-folder');
        return { count: 0.5 };
      },
    }),
  ];
}

function workTools(aborted: string[]) {
  return [
    defineTool({
      name: 'work',
      title: 'Work',
      description: 'Takes steps and reports each.',
      annotations,
      input: z.strictObject({ steps: z.int(), everyMs: z.int(), name: z.string().default('work') }),
      output: async () => z.object({ steps: z.int() }),
      async run({ steps, everyMs, name }, { signal, progress }) {
        for (let step = 1; step <= steps; step++) {
          await progress(step, steps, `step ${step}`);
          await sleep(everyMs, undefined, { signal }).catch(error => {
            aborted.push(name);
            throw error;
          });
        }
        return { steps };
      },
    }),
  ];
}

function noteTool(notes: Map<string, string>) {
  return defineTool({
    name: 'write_note',
    title: 'Write note',
    description: 'Writes a note.',
    annotations: { ...annotations, readOnlyHint: false },
    input: z.strictObject({ name: z.string(), text: z.string(), ...workspaceInput }),
    output: async () => z.object({ name: z.string(), resource: z.string() }),
    async run({ name, text }) {
      notes.set(name, text);
      return { name, resource: `test://notes/${encodeURIComponent(name)}` };
    },
    changes: ({ resource }) => ['test://notes', resource],
  });
}

function noteResources(notes: ReadonlyMap<string, string>) {
  const starting = (names: Iterable<string>, value: string) =>
    [...names].filter(name => name.startsWith(value));
  return [
    defineResource({
      name: 'notes',
      title: 'Notes',
      description: 'All notes',
      mimeType: 'application/json',
      uri: 'test://notes',
      params: z.strictObject({}),
      list: async () => ({ entries: [{ uri: 'test://notes', name: 'notes' }] }),
      read: async () => JSON.stringify(Object.fromEntries(notes)),
      version: () => [...notes].join(),
      complete: async () => [],
    }),
    defineResource({
      name: 'note',
      title: 'Note',
      description: 'One note',
      mimeType: 'text/plain',
      uri: 'test://notes/{name}',
      params: z.strictObject({ name: z.string().regex(/^[\w -]+$/) }),
      async list(_, from) {
        if (from !== undefined) throw new SpecError('INVALID_ARGUMENT', 'Notes come in one page.');
        if (notes.has('unlistable')) throw new SpecError('CONFIG_INVALID', 'The notes do not parse.');
        return { entries: [...notes.keys()].map(name => ({ uri: `test://notes/${name}`, name })) };
      },
      async read({ name }) {
        if (name === 'refused') throw new SpecError('REFUSED', 'That note is sealed. Open it first.');
        if (name === 'crash') throw new Error('EACCES: /home/someone/secret-folder');
        return notes.get(name);
      },
      version: ({ name }) => notes.get(name) ?? '',
      complete: async (_, value) => starting(notes.keys(), value),
    }),
    defineResource({
      name: 'number',
      title: 'Number',
      description: 'One of many',
      mimeType: 'text/plain',
      uri: 'test://numbers/{tens}/{ones}',
      params: z.strictObject({ tens: z.string().regex(/^\d+$/), ones: z.string().regex(/^\d$/) }),
      async list(_, from = '0', limit) {
        const start = Number(from);
        const end = Math.min(start + limit, 250);
        const entries = Array.from({ length: end - start }, (_, index) => {
          const name = String(start + index);
          return { uri: `test://numbers/${name.slice(0, -1) || '0'}/${name.slice(-1)}`, name };
        });
        return end < 250 ? { entries, next: String(end) } : { entries };
      },
      read: async ({ tens, ones }) => `${tens}${ones}`,
      version: () => '',
      async complete(variable, value, filled) {
        const all = Array.from({ length: variable === 'tens' ? 150 : 10 }, (_, n) => String(n));
        return starting(all, value).filter(() => filled['tens'] !== 'none');
      },
    }),
  ];
}
