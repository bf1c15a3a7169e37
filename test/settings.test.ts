import { expect } from 'vitest';
import { loadSettings } from '../src/settings/load.js';
import { test } from './support/workspace.js';

const refusals: [toml: string, says: RegExp][] = [
  ['[commands.build]\nargv = "npm test"', /commands\.build\.argv: must be a list of words/],
  ['[commands.build]\nargv = []', /commands\.build\.argv: must name a program/],
  ['[commands.build]\nargv = [""]', /commands\.build\.argv\.0/],
  [
    '[commands.build]\nargv = ["a"]\ntimeout = "0s"',
    /commands\.build\.timeout: must be a whole number above 0/,
  ],
  ['[commands.build]\nargv = ["a"]\ntimeout = 0', /commands\.build\.timeout/],
  [
    '[commands.build]\nargv = ["a"]\ntimout = "1s"',
    /unknown key "commands\.build\.timout" \(did you mean "timeout"\?\)/,
  ],
  ['[workspce]\ntracker = "SPEC.md"', /unknown key "workspce" \(did you mean "workspace"\?\)/],
  [
    '[guardrail.plan]\nbaselines = []',
    /unknown key "guardrail\.plan\.baselines" \(did you mean "baseline"\?\)/,
  ],
  ['[policy]\nzzz = 1', /unknown key "policy\.zzz" \(valid here: prefilter, final, gate\)/],
  ['[guardrail.plan]\nbaseline = ["nope"]', /names the command "nope", and there is no \[commands\.nope\]/],
  ['[workspace]\ntracker = "../SPEC.md"', /workspace\.tracker: must be a path inside the workspace/],
  ['[workspace]\ntracker = "/etc/passwd"', /workspace\.tracker: must be a path inside the workspace/],
  ['[commands."Bad Name"]\nargv = ["a"]', /commands/],
  ['[commands.build\nargv = 1', /line 1, column \d+/],
];

test('reads commands, timeouts and places', async ({ repo, workspace }) => {
  repo.write(
    'spec-kit.toml',
    '[workspace]\ntracker = "docs/SPEC.md"\n[commands.build]\nargv = ["npm", "test"]\ntimeout = "2m"\nquick = true\n[guardrail.plan]\nbaseline = ["build"]\n',
  );
  const { settings, digest } = await loadSettings(workspace);
  expect(settings.commands).toEqual({ build: { argv: ['npm', 'test'], timeout: 120_000, quick: true } });
  expect(settings.workspace.tracker).toBe('docs/SPEC.md');
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
});

test('has defaults when there is no file', async ({ workspace }) => {
  const { settings, digest } = await loadSettings(workspace);
  expect(settings.workspace.tracker).toBe('SPEC.md');
  expect(settings.commands).toEqual({});
  expect(digest).toBeNull();
});

test.for(refusals)('refuses %j and names the place', async ([toml, says], { repo, workspace }) => {
  repo.write('spec-kit.toml', toml);
  const error: unknown = await loadSettings(workspace).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(says) });
});

test('refuses bytes that are not UTF-8', async ({ repo, workspace }) => {
  repo.write('spec-kit.toml', Buffer.from([0x61, 0xff, 0xfe]));
  await expect(loadSettings(workspace)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
