import type { JsonObject } from './extract.js';
import { leavesOf } from './placeholder.js';
import { allTexts, at } from './read-output.js';
import { quoted } from './shape-problems.js';
import { contained, wordsIn, wordsOf } from './words.js';

const SUPPORTED = 0.5;
const MAX_STATEMENTS = 100;
/** The places where the origin's prompts and payloads put agreements and conflicts; none of its readers knew them all. */
const PLACES = [[], ['consensus'], ['final_plan'], ['final_plan', 'consensus']] as const;

export interface Agreements {
  readonly supported: readonly string[];
  /** Claimed by the arbiter, found in no other answer. */
  readonly unverified: readonly string[];
}

/** What an answer declares, from every documented place, each once. */
export function statements(output: JsonObject, name: 'agreements' | 'conflicts'): readonly string[] {
  const all = [...new Set(PLACES.flatMap(place => allTexts(at(output, ...place, name))))];
  const more = all.length - MAX_STATEMENTS;
  return more > 0 ? [...all.slice(0, MAX_STATEMENTS), `and ${more} more ${name}`] : all;
}

/** A claimed agreement counts only when one of the other answers has half of its words. */
export function agreementsOf(arbiter: JsonObject | undefined, others: readonly JsonObject[]): Agreements {
  const claims = arbiter === undefined ? [] : statements(arbiter, 'agreements');
  const bags = claims.length === 0 ? [] : others.map(output => wordsIn(textsOf(output)));
  const supported: string[] = [];
  const unverified: string[] = [];
  for (const claim of claims) {
    const words = wordsOf(claim);
    const isSupported = bags.some(bag => contained(words, bag) >= SUPPORTED);
    (isSupported ? supported : unverified).push(quoted(claim, 1_000));
  }
  return { supported, unverified };
}

function* textsOf(output: JsonObject): Generator<string> {
  for (const [, leaf] of leavesOf(output)) if (typeof leaf === 'string') yield leaf;
}
