import type { Evidence } from './facts.ts';
import { mergeEvidence } from './readings.ts';

/** Who else a fact may be said of, beside the target: the other half of its trust, a machine like it, what Azure has of it. */
export const SUBJECT_ROLES = ['domain-controller', 'domain', 'sibling', 'azure'] as const;

export type SubjectRole = (typeof SUBJECT_ROLES)[number];

/** `domain-controller:dc1.corp.example`, `sibling:vm2`. */
export type SubjectName = `${SubjectRole}:${string}`;

/** What was seen of others than the target, by whom it was seen of. */
export type Subjects = Readonly<Record<SubjectName, Subject>>;

export interface Subject {
  readonly evidence: Evidence;
}

/** The role and the name of a subject; `undefined` for a text that is none. */
export function parseSubject(
  text: string,
): { readonly role: SubjectRole; readonly name: string } | undefined {
  const colon = text.indexOf(':');
  const role = SUBJECT_ROLES.find((each) => each === text.slice(0, Math.max(0, colon)));
  const name = text.slice(colon + 1);
  return role === undefined || name === '' ? undefined : { role, name };
}

/** All subjects of a role, for a cause that asks for each of them. */
export function subjectsOf(
  subjects: Subjects | undefined,
  role: SubjectRole,
): readonly (Subject & { readonly name: string })[] {
  return Object.entries(subjects ?? {}).flatMap(([key, subject]) => {
    const parsed = parseSubject(key);
    return parsed?.role === role ? [{ ...subject, name: parsed.name }] : [];
  });
}

/** Puts together what several witnesses saw, a subject at a time: its readings are weighed as those of the target are. */
export function mergeSubjects(parts: readonly (Subjects | undefined)[]): Subjects {
  const names = new Set(parts.flatMap((part) => Object.keys(part ?? {}) as SubjectName[]));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      { evidence: mergeEvidence(parts.flatMap((part) => part?.[name]?.evidence ?? [])) },
    ]),
  );
}
