const WORD = /[\p{L}\p{N}][\p{L}\p{N}_./-]*/gu;
const LITTLE =
  /^(?:a|an|and|are|as|at|be|by|for|from|has|have|in|into|is|it|its|of|on|or|so|that|the|their|then|this|to|was|were|which|will|with)$/;

/** The words of a text that carry its meaning, in lower case. */
export function wordsOf(text: string): ReadonlySet<string> {
  return wordsIn([text]);
}

/** The same of many texts together. */
export function wordsIn(texts: Iterable<string>): ReadonlySet<string> {
  const words = new Set<string>();
  for (const text of texts) {
    for (const [match] of text.toLowerCase().matchAll(WORD)) {
      const word = match.replace(/[./-]+$/, '');
      if (!words.has(word) && !LITTLE.test(word)) words.add(word);
    }
  }
  return words;
}

/** Which part of all their words two texts share, 0 to 1. */
export function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = sharedWith(one, other);
  const all = one.size + other.size - shared;
  return all === 0 ? 0 : shared / all;
}

/** Which part of the words of `one` stand in `other`, 0 to 1. */
export function contained(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return one.size === 0 ? 0 : sharedWith(one, other) / one.size;
}

function sharedWith(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of one) if (other.has(word)) shared++;
  return shared;
}
