import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claude } from '../../src/agents/cli/claude.js';
import { codex } from '../../src/agents/cli/codex.js';
import { geminiCli } from '../../src/agents/cli/gemini.js';
import { anthropic } from '../../src/agents/http/anthropic.js';
import { chatCompletions } from '../../src/agents/http/chat-completions.js';
import { gemini } from '../../src/agents/http/gemini.js';
import { openaiResponses } from '../../src/agents/http/openai-responses.js';
import { ANSWER, providerAnswers } from '../support/agents.js';
import { cliAnswers } from '../support/fake-cli.js';

const formats = [openaiResponses, chatCompletions, anthropic, gemini];
const clis = [codex, claude, geminiCli];

/** The same JSON with one of its values replaced. */
function damaged(value: unknown, at: number, by: unknown): unknown {
  let left = at;
  const walk = (part: unknown): unknown => {
    if (left-- === 0) return by;
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, walk(member)]));
  };
  return walk(value);
}

const counts = (usage: object | null | undefined) => Object.values(usage ?? {});
const isCount = (value: unknown) => value === null || (Number.isSafeInteger(value) && Number(value) >= 0);

test('a provider answer with any part replaced is read or refused, never misread as more than it is', () => {
  fc.assert(
    fc.property(fc.constantFrom(...formats), fc.nat(40), fc.jsonValue(), (format, at, by) => {
      const json = damaged(providerAnswers[format.api](ANSWER), at, by);
      const reply = format.read(json, {});
      if (reply === undefined) return;
      expect(reply.failure === null || reply.text === null).toBe(true);
      expect(counts(reply.usage).every(isCount)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('what a program prints, cut anywhere or followed by anything, is read or refused', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...clis),
      fc.nat(900),
      fc.string({ maxLength: 40 }),
      fc.integer({ min: 0, max: 255 }),
      (cli, cut, more, exitCode) => {
        const whole = cliAnswers[cli.name](ANSWER);
        const printed = whole.slice(0, cut) + more;
        const reply = cli.read({ stdout: printed, stderr: `${printed}${more}`, exitCode });
        if (reply?.text != null && cut < whole.length - 1) expect(printed.trimEnd()).toBe(whole.trimEnd());
        expect(counts(reply?.usage).every(isCount)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

test('an answer nested deeper than can be written is not lost with a crash', () => {
  const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
  const stdout = cliAnswers.claude(ANSWER).replace('"result":', `"structured_output":${deep},"result":`);
  expect(claude.read({ stdout, stderr: '', exitCode: 0 })?.text).toBe(ANSWER);
});
