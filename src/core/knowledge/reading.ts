import { findCatalogueEntry, type Vantage } from './cause-catalogue.ts';
import type { EventRow } from './event-row.ts';
import type { CodeRow, Row, Sure } from './row.ts';

export type ReadingKind =
  | 'error-text'
  | 'ntstatus'
  | 'security-status'
  | 'win32'
  | 'kerberos'
  | 'tls-alert'
  | 'negotiation-failure'
  | 'mstsc'
  | 'mstsc-extended'
  | 'freerdp'
  | 'freerdp-exit'
  | 'guacamole'
  | 'failure-reason'
  | 'event';

/** A kind whose rows are found by number. */
export type CodeKind = Exclude<ReadingKind, 'error-text' | 'event'>;

/** One thing that the input can mean. */
export interface Reading {
  readonly kind: ReadingKind;
  /** As one writes it: `0xC000006D`, `1355`, `36871`. */
  readonly code?: string;
  /** The symbolic name of the specification. */
  readonly name?: string;
  /** Says what it is: `NTSTATUS 0xC000006D STATUS_LOGON_FAILURE`. */
  readonly title: string;
  readonly meaning: string;
  /** Most likely first. */
  readonly causes: readonly { readonly id: string; readonly title: string }[];
  /** What to do next; commands of rdpdoctor last. */
  readonly look: readonly string[];
  readonly source: string;
  readonly sure: Sure;
}

const KIND_WORDS: { readonly [K in CodeKind]: string } = {
  ntstatus: 'NTSTATUS',
  'security-status': 'SECURITY_STATUS or HRESULT',
  win32: 'Win32 error',
  kerberos: 'Kerberos error',
  'tls-alert': 'TLS alert',
  'negotiation-failure': 'RDP negotiation failure',
  mstsc: 'error code of the Remote Desktop client',
  'mstsc-extended': 'extended error code of the Remote Desktop client',
  freerdp: 'FreeRDP error',
  'freerdp-exit': 'exit code of xfreerdp',
  guacamole: 'Guacamole status',
  'failure-reason': 'failure reason of event 4625',
};

/** A number as the tables of its kind usually write it. */
export function formatCode(kind: ReadingKind, code: number): string {
  switch (kind) {
    case 'ntstatus':
    case 'security-status':
    case 'freerdp':
      return `0x${code.toString(16).toUpperCase().padStart(8, '0')}`;
    case 'guacamole':
      return `0x${code.toString(16).toUpperCase().padStart(4, '0')}`;
    case 'failure-reason':
      return `%%${code}`;
    case 'kerberos':
    case 'mstsc':
    case 'mstsc-extended':
      return `0x${code.toString(16).toUpperCase()}`;
    default:
      return String(code);
  }
}

/** A reading of a row that is found by number. `how` says by which detour the number was found. */
export function readCode(kind: CodeKind, row: CodeRow, how?: string): Reading {
  const code = formatCode(kind, row.code);
  const title = `${KIND_WORDS[kind]} ${code} ${row.name}`;
  return {
    kind,
    code,
    name: row.name,
    title: how === undefined ? title : `${title} (${how})`,
    ...common(row),
  };
}

/** A reading of an event. */
export function readEvent(row: EventRow): Reading {
  const facts: string[] = [];
  if (row.fields.length > 0) {
    facts.push(`Fields that matter: ${row.fields.join(', ')}`);
  }
  if (row.refutes.length > 0) {
    facts.push(`It speaks against: ${row.refutes.join(', ')}`);
  }
  const base = common(row);
  return {
    kind: 'event',
    code: String(row.id),
    name: row.name,
    title: `event ${row.id} of ${row.provider} in ${row.channel}: ${row.name}`,
    ...base,
    look: [...facts, ...base.look],
  };
}

/** What every reading takes from its row: the causes with their titles, and the ways to prove them. */
export function common(row: Row): Pick<Reading, 'meaning' | 'causes' | 'look' | 'source' | 'sure'> {
  const entries = row.causes.flatMap((id) => findCatalogueEntry(id) ?? []);
  const vantages = new Set(entries.flatMap((entry) => entry.vantages));
  return {
    meaning: row.meaning,
    causes: entries.map(({ id, title }) => ({ id, title })),
    look: [
      ...row.look,
      ...COMMANDS.filter(([vantage]) => vantages.has(vantage))
        .map(([, command]) => command)
        .filter((command) => !row.look.some((line) => line.startsWith(command))),
    ],
    source: row.source,
    sure: row.sure,
  };
}

/** Cheapest first. */
const COMMANDS: readonly (readonly [Vantage, string])[] = [
  ['outside', 'rdpdoctor diagnose HOST'],
  ['disk', 'rdpdoctor diagnose --disk FILE, the OS disk or a copy of it'],
  ['inside', 'the running machine itself (rdpdoctor cannot look there yet)'],
  ['domain', "the domain's controllers (rdpdoctor cannot look there yet)"],
];
