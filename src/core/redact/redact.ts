import type { NamedUser } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { Warning } from '../model/report.ts';
import { parseSubject, type Subjects } from '../model/subjects.ts';
import { isAddress } from './addresses.ts';
import { maskEvidence } from './evidence.ts';
import { Mask } from './names.ts';

/** What names anybody in a diagnosis, before it is judged. */
export interface Nameable {
  /** `vm1:3389`, `osdisk.vhd`, or both with a comma between. */
  readonly target: string;
  /** Whether the target begins with a host. */
  readonly hasHost: boolean;
  /** Whether running machines may be among the places behind it, beside disks and files. */
  readonly hasMachine: boolean;
  readonly symptom?: string;
  readonly user?: NamedUser;
  readonly evidence: Evidence;
  readonly subjects?: Subjects;
  readonly warnings: readonly Warning[];
}

export interface Redacted {
  readonly target: string;
  readonly symptom?: string;
  readonly user?: NamedUser;
  readonly evidence: Evidence;
  readonly subjects: Subjects;
  readonly warnings: readonly Warning[];
  /** Masks any further text of the same run, such as a line of its transcript. */
  text(text: string): string;
}

/**
 * Masks users, hosts, domains, addresses, SIDs and the place of a disk, each always by the same word.
 * It is done before judging: what is said of the evidence then names nobody either, and the verdicts
 * are those of the evidence that is handed on.
 */
export function redact(named: Nameable): Redacted {
  const mask = new Mask();
  const isHost = (part: string, index: number): boolean =>
    index === 0 && named.hasHost ? true : named.hasMachine && !OF_A_FILE.test(part);
  const target = (): string =>
    named.target
      .split(', ')
      .map((part, index) => (isHost(part, index) ? maskTarget(part, mask) : mask.other('disk', part)))
      .join(', ');
  const user = (): { readonly user?: NamedUser } =>
    named.user === undefined
      ? {}
      : {
          user: {
            domain: named.user.domain === '' ? '' : mask.domain(named.user.domain),
            name: mask.user(named.user.name),
          },
        };
  // Once to learn the names, in the order in which a reader meets them, and once with all of them known.
  target();
  maskEvidence(named.evidence, mask);
  maskSubjects(named.subjects, mask);
  user();
  if (named.symptom !== undefined) mask.prose(named.symptom);
  return {
    target: target(),
    ...(named.symptom === undefined ? {} : { symptom: mask.prose(named.symptom) }),
    ...user(),
    evidence: maskEvidence(named.evidence, mask),
    subjects: maskSubjects(named.subjects, mask),
    warnings: named.warnings.map(({ code, text }) => ({ code, text: mask.text(text) })),
    text: (text) => mask.text(text),
  };
}

/** A path, a URL, or a name that ends as those of images and texts do. */
const OF_A_FILE = /[\\/]|\.(?:a?vhdx?|raw|img|dd|bin|txt|log|out)$/i;

function maskSubjects(subjects: Subjects | undefined, mask: Mask): Subjects {
  return Object.fromEntries(
    Object.entries(subjects ?? {}).map(([key, { evidence }]) => [
      maskSubject(key, mask),
      { evidence: maskEvidence(evidence, mask) },
    ]),
  );
}

function maskSubject(key: string, mask: Mask): string {
  const subject = parseSubject(key);
  if (subject === undefined) return mask.text(key);
  const { role, name } = subject;
  if (role === 'azure') return `${role}:${mask.other('name', name)}`;
  return `${role}:${role === 'domain' ? mask.domain(name) : maskTarget(name, mask)}`;
}

/** `vm1.corp.example:3390`, `[2001:db8::1]:3390`, `10.0.0.4`: the port names nobody. */
function maskTarget(text: string, mask: Mask): string {
  const [, open = '', host = text, rest = ''] =
    /^(\[)([^\]]*)(\].*)$/s.exec(text) ?? /^()([^:]*)(:\d*)?$/s.exec(text) ?? [];
  if (isAddress(host)) return `${open}${mask.text(host)}${rest}`;
  return `${open}${mask.host(host)}${rest}`;
}
