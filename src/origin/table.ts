import { codesOf, type OriginBundle, remediesOf } from './bundle.js';
import { REASONS } from './reasons.js';
import type { Survey } from './survey.js';

/** The verdict on every bundle without a manifest, as a table, and what would make each one sound. */
export function originTable({ bundles, others }: Survey): readonly string[] {
  if (bundles.length === 0 && others.length === 0) return [];
  const rows = bundles.map(rowOf);
  const widths = ['spec', 'kind', 'session', 'verdict'].map((title, column) =>
    Math.max(title.length, ...rows.map(row => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    ...(rows.length > 0 ? [line(['spec', 'kind', 'session', 'verdict', 'reasons']), ...rows.map(line)] : []),
    ...(others.length > 0
      ? [`${others.length} more files are no evidence of a run in any known shape.`]
      : []),
    ...wishes(bundles),
  ];
}

function rowOf(bundle: OriginBundle): readonly string[] {
  const { specId, kind, stage, session, verdict } = bundle;
  return [
    specId,
    stage === null ? kind : `${kind} ${stage}`,
    session === '' ? '-' : session,
    verdict.replace('_', ' '),
    codesOf(bundle).join(', '),
  ];
}

/** Each remedy once, with the codes it answers and the number of bundles that it would help. */
function wishes(bundles: readonly OriginBundle[]): readonly string[] {
  const helped = new Map<string, number>();
  for (const bundle of bundles)
    if (bundle.verdict !== 'sound')
      for (const remedy of remediesOf(bundle)) helped.set(remedy, (helped.get(remedy) ?? 0) + 1);
  const used = new Set(bundles.flatMap(codesOf));
  const lines = [...helped.entries()]
    .sort(([, a], [, b]) => b - a)
    .map(([remedy, count]) => {
      const codes = Object.entries(REASONS).filter(([, meaning]) => meaning.remedy === remedy);
      const named = codes.map(([code]) => code).filter(code => [...used].some(one => one === code));
      return `- ${remedy} (${count} bundles: ${named.join(', ')})`;
    });
  return lines.length === 0 ? [] : ['To make them sound:', ...lines];
}
