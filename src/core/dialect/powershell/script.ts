import type { EventSelector } from '../../windows/inquiry.ts';
import type { AskedOperation, Operation } from '../script/operation.ts';
import { EVENTS } from './part-events.ts';
import { FILES } from './part-files.ts';
import { FRAME } from './part-frame.ts';
import { LIVE } from './part-live.ts';
import { LSA } from './part-lsa.ts';
import { MASK, NO_MASK } from './part-mask.ts';
import { REGISTRY } from './part-registry.ts';

export interface ScriptOptions {
  /** rdpdoctor's own version, for whoever reads the answer. */
  readonly version: string;
  /** Names of users, machines and domains, and SIDs, are masked on the machine. */
  readonly maskNames?: boolean;
}

/**
 * A PowerShell script, in ASCII with CRLF, that performs operations and prints one framed answer: for Windows PowerShell
 * 3.0 to 5.1 and PowerShell 7, in every language mode that runs scripts. It only reads; nothing in it prompts.
 */
export function powershellScript(operations: readonly Operation[], options: ScriptOptions): string {
  const steps = inOrder(stepsOf(options.maskNames === true ? namesFirst(operations) : operations));
  const sections = steps.map(({ title, call }, index) => ({ number: index + 2, title, call }));
  const text = [
    ...head(steps, options.maskNames === true),
    '& {',
    FRAME.trim(),
    REGISTRY.trim(),
    FILES.trim(),
    EVENTS.trim(),
    LIVE.trim(),
    LSA.trim(),
    `$masking = ${options.maskNames === true ? '$true' : '$false'}`,
    (options.maskNames === true ? MASK : NO_MASK).trim(),
    '',
    "'-----BEGIN ' + 'RDPDOCTOR ANSWER 1-----'",
    'Section 1 {',
    `  Line 'rdpdoctor' ${quoted(options.version)}`,
    '  Line \'shell\' \'powershell\' "$($PSVersionTable.PSVersion)" "$($ExecutionContext.SessionState.LanguageMode)"',
    "  Line 'began' (Utc (Get-Date))",
    ...(options.maskNames === true ? ["  Line 'masked'"] : []),
    ...sections.map(({ number, title }) => `  Line 'section' ${number} ${quoted(title)}`),
    '}',
    ...sections.flatMap(({ number, call }, index) => [
      // What takes long comes last, and what was seen before is printed before it.
      ...(isSlow(steps[index]) && !isSlow(steps[index - 1]) ? ['if ($full) { Send-Held }'] : []),
      `Section ${number} { ${call} }`,
    ]),
    `Section ${sections.length + 2} { Line 'ended' (Utc (Get-Date)) }`,
    'if ($full) { Send-Held }',
    '\'-----END \' + "RDPDOCTOR ANSWER:$($held.count)-----"',
    '}',
    '',
  ].join('\n');
  return text.replaceAll(/\r?\n/g, '\r\n');
}

interface Step {
  /** What it reads, for a person. */
  readonly title: string;
  readonly call: string;
  readonly kind: 'registry' | 'file' | 'log' | 'lsa' | 'live' | 'netlogon';
}

function stepsOf(operations: readonly Operation[]): readonly Step[] {
  const states = operations.flatMap((one) =>
    one.kind === 'ask' && one.question.kind === 'service-status' ? [one.question.name] : [],
  );
  const steps = operations.flatMap((operation) => stepOf(operation) ?? []);
  if (states.length === 0) return steps;
  return [
    ...steps,
    {
      kind: 'live',
      title: `state of services ${states.join(', ')}`,
      call: `Read-ServiceStates ${list(states)}`,
    },
  ];
}

function stepOf(operation: Operation): Step | undefined {
  switch (operation.kind) {
    case 'key': {
      const { hive, key, depth, names } = operation;
      const below = depth === 0 ? '' : ', with what is below';
      const only =
        names === undefined
          ? ''
          : names.length === 0
            ? ': names of what is below'
            : `: ${names.map((name) => name || 'its default value').join(', ')}`;
      return {
        kind: 'registry',
        title: `HKLM\\${hive}\\${key}${below}${only}`,
        call: `Read-Key ${quoted(hive)} ${quoted(key)} ${depth} ${names === undefined ? '$null' : list(names)}`,
      };
    }
    case 'services':
      return {
        kind: 'registry',
        title: `HKLM\\SYSTEM\\CurrentControlSet\\Services: ${operation.names.join(', ')}, and what they need`,
        call: `Read-Services ${list(operation.names)}`,
      };
    case 'listing':
      return {
        kind: 'file',
        title: `names, sizes and permissions in ${operation.path}`,
        call: `Read-Listing ${quoted(operation.path)} ${operation.limit}`,
      };
    case 'ask':
      return askedStep(operation);
  }
}

function askedStep({ question }: AskedOperation): Step | undefined {
  switch (question.kind) {
    case 'file': {
      const withSecurity = question.security !== false;
      const what = withSecurity ? 'size, time and permissions' : 'size and time';
      return {
        kind: 'file',
        title: `${what} of ${question.path}`,
        call: `Read-File ${quoted(question.path)} ${withSecurity ? '$true' : '$false'}`,
      };
    }
    case 'file-version':
      return {
        kind: 'file',
        title: `version of ${question.path}`,
        call: `Read-Version ${quoted(question.path)}`,
      };
    case 'content':
      return {
        kind: 'file',
        title: `content of ${question.path}`,
        call: `Read-Content ${quoted(question.path)} ${question.limit}`,
      };
    case 'folder':
      return {
        kind: 'file',
        title: `names in ${question.path}`,
        call: `Read-Folder ${quoted(question.path)}`,
      };
    case 'events':
      return {
        kind: 'log',
        title: `the newest events of ${question.channel} that concern a sign-in`,
        call: `Read-Events ${quoted(question.channel)} ${question.withinMillis} ${question.limit} ${selectors(question.select)}`,
      };
    case 'logons':
      return {
        kind: 'log',
        title: `the newest sign-ins in ${question.channel}: when, who, from where, and what came of it`,
        call: `Read-Logons ${quoted(question.channel)} ${question.withinMillis} ${Math.min(question.limit, MOST_LOGONS)}`,
      };
    case 'membership':
      return { kind: 'lsa', title: 'the domain that the machine belongs to', call: 'Read-Membership' };
    case 'machine-sid':
      return { kind: 'lsa', title: "the machine's SID", call: 'Read-MachineSid' };
    case 'account-rights':
      return { kind: 'lsa', title: 'who may sign in, and who may not', call: 'Read-Rights' };
    case 'start-time':
      return { kind: 'live', title: 'when Windows started', call: 'Read-StartTime' };
    case 'resources':
      return { kind: 'live', title: 'memory, handles, processes, sessions', call: 'Read-Resources' };
    case 'listener-owner':
      return {
        kind: 'live',
        title: 'who listens on the port of Remote Desktop',
        call: `Read-Owner ${question.port}`,
      };
    case 'time-source':
      return { kind: 'live', title: 'whom Windows Time follows (w32tm /query)', call: 'Read-TimeSource' };
    case 'secure-channel': {
      const how =
        question.asked === 'query'
          ? 'nltest /sc_query'
          : 'nltest /sc_verify, which asks a domain controller, takes up to 40 s, and may make a machine with a broken channel look for another one';
      return {
        kind: 'netlogon',
        title: `the state of Netlogon's channel to its domain (${how})`,
        call: `Read-Channel ${quoted(question.asked)} ${quoted(question.domain)}`,
      };
    }
    // Every script says the time; states of services are asked together; places of the registry are read as keys.
    case 'clock':
    case 'service-status':
    case 'policy-refresh':
    case 'machine-password':
      return undefined;
  }
}

/** As objects they come at some thousands a second; what is further back is not looked at. */
const MOST_LOGONS = 3000;

/** The logs that tell names as such come before those that only mention them. */
function namesFirst(operations: readonly Operation[]): readonly Operation[] {
  const tellsNames = (one: Operation): boolean =>
    one.kind === 'ask' && 'channel' in one.question && one.question.channel === 'Security';
  return [...operations.filter(tellsNames), ...operations.filter((one) => !tellsNames(one))];
}

const ORDER: readonly Step['kind'][] = ['registry', 'file', 'lsa', 'live', 'log', 'netlogon'];

function inOrder(steps: readonly Step[]): readonly Step[] {
  return ORDER.flatMap((kind) => steps.filter((step) => step.kind === kind));
}

function isSlow(step: Step | undefined): boolean {
  return step?.kind === 'log' || step?.kind === 'netlogon';
}

function head(steps: readonly Step[], areMasked: boolean): readonly string[] {
  return [
    '# Questions of rdpdoctor to a Windows that cannot be signed in to by Remote Desktop.',
    '# This script only reads. It changes no setting, starts and stops no service, writes no file and asks nothing.',
    '# As an administrator:  powershell -NoProfile -ExecutionPolicy Bypass -File ask.ps1 > answer.txt',
    '# Then, wherever rdpdoctor is:  rdpdoctor diagnose --answers answer.txt',
    '# What it prints may also be copied from the window, all of it, from BEGIN to END.',
    ...(areMasked
      ? [
          '# Names of users, machines and domains, and SIDs, are masked, each always by the same word; addresses are not.',
        ]
      : []),
    '# No password and no private key is among what it reads:',
    ...steps.map(({ title }) => `#   ${title.replace(/[^\x20-\x7e]/g, '?')}`),
    '',
  ];
}

/**
 * A text as PowerShell takes it literally: printable ASCII in single quotes, every other character (PowerShell takes some
 * for quotes) by its number. Names in it may come from the machine.
 */
function quoted(text: string): string {
  const parts = (text.match(/[\x20-\x7e]+|[^\x20-\x7e]/g) ?? []).map((part) =>
    /^[\x20-\x7e]/.test(part) ? `'${part.replaceAll("'", "''")}'` : `[char]${part.charCodeAt(0)}`,
  );
  if (parts.length === 0) return "''";
  return parts.length === 1 && parts[0]?.startsWith("'") === true ? parts[0] : `('' + ${parts.join(' + ')})`;
}

function list(texts: readonly string[]): string {
  return `@(${texts.map(quoted).join(', ')})`;
}

function selectors(select: readonly EventSelector[]): string {
  return `@(${select.map(({ provider, ids }) => `, @(${[quoted(provider), ...ids].join(', ')})`).join('; ')})`;
}
