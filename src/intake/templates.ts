import { SpecError } from '../errors.js';
import { MAX_DOCUMENT_BYTES, readText, skeletonFindings } from '../packet/documents.js';
import { DOCUMENTS } from '../packet/find.js';
import type { Workspace } from '../workspace/workspace.js';

/** A workspace's own templates: `spec.md`, `plan.md`, `tasks.md`, `PRD.md` in this folder. */
export const TEMPLATES_FOLDER = 'templates/spec-kit';

export interface Document {
  readonly name: (typeof DOCUMENTS)[number];
  readonly text: string;
}

/** What templates may name, as `${SPEC_ID}` and so on. */
export interface Values {
  readonly SPEC_ID: string;
  /** One line, without marks that Markdown would take for HTML or code. */
  readonly TITLE: string;
  /** Quoted lines, so that nothing in it can end a section. */
  readonly DESCRIPTION: string;
  readonly DATE: string;
  readonly PACKET: string;
}

/** The documents of a new packet. Throws CONFIG_INVALID, naming the template, for one whose document lint would refuse. */
export function fillTemplates({ files }: Workspace, values: Values): readonly Document[] {
  const known = new Map(Object.entries(values));
  return DOCUMENTS.map(name => {
    const path = `${TEMPLATES_FOLDER}/${name}`;
    const own = files.info(path).kind === 'missing' ? undefined : readText(files, path);
    if (own !== undefined && 'problem' in own) throw invalid(path, own.problem);
    const template = own?.text ?? builtIn[name];
    const text = template.replaceAll(/\$\{([A-Z_]{1,32})\}/g, (whole, key: string) => {
      const value = known.get(key);
      if (value !== undefined) return value;
      throw invalid(
        path,
        `it has the placeholder ${whole}, which nothing fills; known are ${[...known.keys()].join(', ')}.`,
      );
    });
    const [problem] = skeletonFindings(name, text);
    if (problem !== undefined) throw invalid(path, problem);
    if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES)
      throw new SpecError(
        'LIMIT_EXCEEDED',
        `${name} would be larger than ${MAX_DOCUMENT_BYTES} bytes. Shorten the description.`,
      );
    return { name, text };
  });
}

function invalid(path: string, why: string): SpecError {
  return new SpecError(
    'CONFIG_INVALID',
    `The template ${path} cannot be used: ${why} Mend it, or remove it for the built-in one.`,
  );
}

const builtIn: Readonly<Record<(typeof DOCUMENTS)[number], string>> = {
  'spec.md': `# Spec: \${SPEC_ID} \${TITLE}

## Context

\${DESCRIPTION}

TODO: why this is needed, who is affected, and what is the case today.

## Objectives

1. TODO: what will be true when this is done.

## Acceptance Criteria

- R1: TODO: something that anyone can see to be true or false.

## Out of Scope

- TODO: what this does not change.
`,
  'plan.md': `# Plan: \${SPEC_ID} \${TITLE}

## Inputs

- Spec: \${PACKET}/spec.md
- Constitution: memory/constitution.md, where there is one

## Work Breakdown

1. TODO: the first step, small enough to be checked by itself.

## Acceptance Mapping

| Requirement (Spec) | Validation Step | Test/Check Artifact |
| --- | --- | --- |
| R1 | TODO: the step that shows it | TODO: the log or report that step leaves |

## Risks & Unknowns

- TODO: what could go wrong, and what nobody knows yet.

## Consensus & Risks (Multi-AI)

- Agreement: none recorded yet; no agents were asked.
- Disagreement & resolution: none.

## Exit Criteria (Done)

- TODO: what has to be shown before the task is Done.
`,
  'tasks.md': `# Tasks: \${SPEC_ID} \${TITLE}

| Order | Task | Owner | Status | Validation |
| --- | --- | --- | --- | --- |
| 1 | TODO: the first task | | Backlog | R1: TODO: the step that shows it |
`,
  'PRD.md': `# PRD: \${TITLE} (\${SPEC_ID})

## Summary

\${DESCRIPTION}

## Users & Jobs

- TODO: who does what with it.

## Goals

- TODO: what gets better, and how it is measured.

## Non-Goals

- TODO: what is left out on purpose.

## Requirements

- See the acceptance criteria of \${PACKET}/spec.md.

## Rollout & Success Metrics

- TODO: how it reaches its users, and what shows that it works.
`,
};
