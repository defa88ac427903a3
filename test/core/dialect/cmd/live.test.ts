// What only a running machine knows, out of outputs as Microsoft's pages show them. Wine has none of these programs as
// Windows has them (sc qc, nltest, w32tm, netstat -o, wevtutil), so these documents stand for the machine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operationsFor } from '../../../../src/core/dialect/script/operation.ts';
import type { Answer, AnswerValue, Question } from '../../../../src/core/windows/inquiry.ts';
import { askPrinted, LANGUAGES, type Machine, OWN_DOMAIN } from './printed.ts';

function ask(question: Question, machine: Machine): Answer {
  return askPrinted(operationsFor([question]), machine, LANGUAGES.english).orElse(question);
}

type Expected = AnswerValue | 'absent' | readonly [why: string, detail: RegExp];

function check(name: string, question: Question, machine: Machine, expected: Expected): void {
  test(name, () => {
    const answer = ask(question, machine);
    if (expected === 'absent') assert.equal(answer.state, 'absent');
    else if (Array.isArray(expected)) {
      assert.ok(answer.state === 'unknown', answer.state);
      assert.equal(answer.why, expected[0]);
      assert.match(answer.detail ?? '', expected[1]);
    } else assert.deepEqual(answer.state === 'present' ? answer.value : answer, expected);
  });
}

const service: Question = { kind: 'service-status', name: 'TermService' };
const SC = 'sc.exe queryex "TermService"';

/** Rows of "Sc query" (learn.microsoft.com), with `queryex`'s two more. */
const scOf = (state: string, exit: string, processId: string, labels = ENGLISH): string =>
  [
    '',
    `${labels[0]}: TermService `,
    `        ${labels[1]}               : 20  WIN32_SHARE_PROCESS  `,
    `        ${labels[2]}              : ${state} `,
    '                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)',
    `        ${labels[3]}    : ${exit}`,
    `        ${labels[4]}  : 0  (0x0)`,
    `        ${labels[5]}         : 0x0`,
    `        ${labels[6]}          : 0x0`,
    `        PID                : ${processId}`,
    `        ${labels[7]}              : `,
    '',
  ].join('\n');

const ENGLISH = [
  'SERVICE_NAME',
  'TYPE',
  'STATE',
  'WIN32_EXIT_CODE',
  'SERVICE_EXIT_CODE',
  'CHECKPOINT',
  'WAIT_HINT',
  'FLAGS',
];
/** As a Spanish Windows calls them. */
const SPANISH = [
  'NOMBRE_SERVICIO',
  'TIPO',
  'ESTADO',
  'CÓD_SALIDA_WIN32',
  'CÓD_SALIDA_SERVICIO',
  'PUNTO_COMPROB.',
  'INDICACIÓN_INICIO',
  'MARCAS',
];

const running: AnswerValue = {
  kind: 'service-status',
  status: { state: 'running', exitCode: 0, serviceExitCode: 0, processId: 1052 },
};
check('a service that runs', service, { [SC]: scOf('4  RUNNING', '0  (0x0)', '1052') }, running);
check('the same in Spanish', service, { [SC]: scOf('4  RUNNING', '0  (0x0)', '1052', SPANISH) }, running);
check(
  'one that stopped, and why',
  service,
  { [SC]: scOf('1  STOPPED', '1053  (0x41d)', '0') },
  {
    kind: 'service-status',
    status: { state: 'stopped', exitCode: 1053, serviceExitCode: 0 },
  },
);
check(
  'a service that does not exist',
  service,
  {
    [SC]: {
      text: '[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\n\nThe specified service does not exist as an installed service.\n',
      status: 1060,
    },
  },
  'absent',
);
check(
  'a service that one may not ask about',
  service,
  { [SC]: { text: '[SC] EnumQueryServicesStatus:OpenService FAILED 5:\n\nAccess is denied.\n', status: 5 } },
  ['denied', /Access is denied/],
);
check('sc that says nothing', service, { [SC]: '' }, ['corrupt', /ended with 0 and said nothing/]);
check('sc that fails without a word', service, { [SC]: { text: '', status: 1 } }, [
  'corrupt',
  /ended with 1/,
]);
check('a state that is none', service, { [SC]: scOf('9  ODD', '0  (0x0)', '1052') }, [
  'corrupt',
  /ended with 0/,
]);
check('sc cut off', service, { [SC]: scOf('4  RUNNING', '0  (0x0)', '1052').slice(0, 200) }, [
  'corrupt',
  /said/,
]);

const channel = (asked: 'query' | 'verify'): Question => ({
  kind: 'secure-channel',
  asked,
  domain: 'contoso.com',
});

/** From "Create gMSAs for Windows containers" (learn.microsoft.com). */
const VERIFIED = [
  'Flags: b0 HAS_IP  HAS_TIMESERV',
  'Trusted DC Name \\\\dc01.contoso.com',
  'Trusted DC Connection Status Status = 0 0x0 NERR_Success',
  'Trust Verification Status = 0 0x0 NERR_Success',
  'The command completed successfully',
];
const NLTEST = { query: 'nltest.exe /sc_query:contoso.com', verify: 'nltest.exe /sc_verify:contoso.com' };
const lines = (...text: readonly string[]): string => `${text.join('\n')}\n`;

check(
  'a channel that was verified',
  channel('verify'),
  { [NLTEST.verify]: lines(...VERIFIED) },
  {
    kind: 'secure-channel',
    channel: {
      asked: 'verify',
      controller: '\\\\dc01.contoso.com',
      verified: true,
      status: 0,
      pdcStatus: 0,
      flags: 0xb0,
    },
  },
);
check(
  'one that was asked about: what it remembers is not verified',
  channel('query'),
  { [NLTEST.query]: lines('Flags: 30 HAS_IP  HAS_TIMESERV', ...VERIFIED.slice(1, 3), VERIFIED[4] ?? '') },
  {
    kind: 'secure-channel',
    channel: { asked: 'query', controller: '\\\\dc01.contoso.com', verified: false, status: 0, flags: 0x30 },
  },
);
check(
  'the trust is broken although the channel says 0 (the account is disabled)',
  channel('verify'),
  {
    [NLTEST.verify]: lines(
      VERIFIED[0] ?? '',
      VERIFIED[1] ?? '',
      VERIFIED[2] ?? '',
      'Trust Verification Status = 1331 0x533 ERROR_ACCOUNT_DISABLED',
    ),
  },
  {
    kind: 'secure-channel',
    channel: {
      asked: 'verify',
      controller: '\\\\dc01.contoso.com',
      verified: true,
      status: 0,
      pdcStatus: 0x533,
      flags: 0xb0,
    },
  },
);
check(
  'no controller',
  channel('query'),
  {
    [NLTEST.query]: lines(
      'Flags: 0',
      'Trusted DC Name',
      'Trusted DC Connection Status Status = 1311 0x51f ERROR_NO_LOGON_SERVERS',
    ),
  },
  { kind: 'secure-channel', channel: { asked: 'query', verified: false, status: 1311, flags: 0 } },
);
check(
  'without the right to ask',
  channel('verify'),
  { [NLTEST.verify]: { text: 'I_NetLogonControl failed: Status = 5 0x5 ERROR_ACCESS_DENIED\n', status: 5 } },
  ['denied', /ERROR_ACCESS_DENIED/],
);
check(
  'a domain that Netlogon does not know is no state of a channel',
  channel('verify'),
  {
    [NLTEST.verify]: {
      text: 'I_NetLogonControl failed: Status = 1355 0x54b ERROR_NO_SUCH_DOMAIN\n',
      status: 1355,
    },
  },
  ['corrupt', /ERROR_NO_SUCH_DOMAIN/],
);
check('a client without the RSAT tools', channel('verify'), {}, [
  'no-channel',
  /no nltest\.exe, which comes with the RSAT tools/,
]);
check('nltest that says nothing', channel('verify'), { [NLTEST.verify]: '' }, ['corrupt', /said nothing/]);
for (const domain of ['a b', 'x&calc', 'x"', '%x%', '-/x:', '.']) {
  check(`a domain that is no name: ${domain}`, { kind: 'secure-channel', asked: 'query', domain }, {}, [
    'no-channel',
    /cannot hand on/,
  ]);
}

const own: Question = { kind: 'secure-channel', asked: 'verify', domain: '' };
check(
  'the channel to the domain that the machine names itself',
  own,
  { [OWN_DOMAIN]: 'CONTOSO', 'nltest.exe /sc_verify:CONTOSO': lines(...VERIFIED) },
  {
    kind: 'secure-channel',
    channel: {
      asked: 'verify',
      controller: '\\\\dc01.contoso.com',
      verified: true,
      status: 0,
      pdcStatus: 0,
      flags: 0xb0,
    },
  },
);
check('of its own domain, without nltest', own, { [OWN_DOMAIN]: 'CONTOSO' }, ['no-channel', /no nltest/]);
test('a machine that names no domain is asked again, by the name that its membership has', () => {
  const sheet = askPrinted(operationsFor([own]), { 'nltest.exe': lines(...VERIFIED) }, LANGUAGES.english);
  assert.equal(sheet.answer(own), undefined);
});

const listener: Question = { kind: 'listener-owner', port: 3389 };
/** Rows of "netstat" (learn.microsoft.com) with -ano, filtered as the script does. */
const netstat = (state: string): string =>
  lines(
    `  TCP    0.0.0.0:135            0.0.0.0:0              ${state}       888`,
    `  TCP    0.0.0.0:3389           0.0.0.0:0              ${state}       1052`,
    `  TCP    [::]:3389              [::]:0                 ${state}       1052`,
  );
const tasklist = (none: string): string =>
  lines(
    `"System Idle Process","0","${none}"`,
    `"System","4","${none}"`,
    '"svchost.exe","888","RpcEptMapper,RpcSs"',
    '"svchost.exe","1052","TermService"',
    `"python.exe","4000","${none}"`,
    `"winlogon.exe","612","${none}"`,
    `"winlogon.exe","5120","${none}"`,
  );
const NETSTAT = 'netstat.exe -ano';
const TASKLIST = 'tasklist.exe /svc /fo csv /nh';

for (const [state, none] of [
  ['LISTENING', 'N/A'],
  ['ABHÖREN', 'Nicht zutreffend'],
] as const) {
  const machine = { [NETSTAT]: netstat(state), [TASKLIST]: tasklist(none) };
  check(`who listens (${state})`, listener, machine, {
    kind: 'listener-owner',
    owner: { process: 'svchost.exe', service: 'TermService', processId: 1052 },
  });
  check(`nobody listens there (${state})`, { kind: 'listener-owner', port: 3390 }, machine, 'absent');
  check(
    `a program that is no service (${state})`,
    listener,
    { ...machine, [NETSTAT]: netstat(state).replaceAll('1052', '4000') },
    { kind: 'listener-owner', owner: { process: 'python.exe', processId: 4000 } },
  );
}
check(
  'of several services in one process none is named but ours',
  { kind: 'listener-owner', port: 135 },
  { [NETSTAT]: netstat('LISTENING'), [TASKLIST]: tasklist('N/A') },
  {
    kind: 'listener-owner',
    owner: { process: 'svchost.exe', processId: 888 },
  },
);
check(
  'netstat that says nothing',
  listener,
  { [NETSTAT]: { text: '', status: 1 }, [TASKLIST]: tasklist('N/A') },
  ['corrupt', /said nothing/],
);
check(
  'without tasklist the process has a number',
  listener,
  { [NETSTAT]: netstat('LISTENING') },
  {
    kind: 'listener-owner',
    owner: { processId: 1052 },
  },
);
check(
  'how many processes, and sessions',
  { kind: 'resources' },
  { [TASKLIST]: tasklist('N/A') },
  {
    kind: 'resources',
    resources: { processes: 7, sessions: 2 },
  },
);

const time: Question = { kind: 'time-source' };
const SOURCE = 'w32tm.exe /query /source';
const STATUS = 'w32tm.exe /query /status /verbose';
/** Rows of "Windows Time service tools and settings" (learn.microsoft.com). */
const status = (source: string): string =>
  lines(
    'Leap Indicator: 0(no warning)',
    'Stratum: 4 (secondary reference - syncd by (S)NTP)',
    'Precision: -23 (119.209ns per tick)',
    'Root Delay: 0.0312500s',
    'Root Dispersion: 7.7902343s',
    'ReferenceId: 0xC0A80001 (source IP:  192.168.0.1)',
    'Last Successful Sync Time: 6/19/2026 9:14:02 AM',
    `Source: ${source} `,
    'Poll Interval: 10 (1024s)',
    '',
    'Phase Offset: -0.0012183s',
    'ClockRate: 0.0156250s',
  );
check(
  'whom Windows Time follows',
  time,
  { [SOURCE]: 'dc01.corp.example.com \n', [STATUS]: status('dc01.corp.example.com') },
  {
    kind: 'time-source',
    source: { server: 'dc01.corp.example.com', offsetSeconds: -0.0012183 },
  },
);
check(
  'a server with flags',
  time,
  { [SOURCE]: 'time.windows.com,0x9 \n', [STATUS]: status('time.windows.com,0x9').replace('-0.00', '-0,00') },
  {
    kind: 'time-source',
    source: { server: 'time.windows.com', offsetSeconds: -0.0012183 },
  },
);
check(
  'its own clock',
  time,
  { [SOURCE]: 'Local CMOS Clock \n', [STATUS]: status('Local CMOS Clock') },
  {
    kind: 'time-source',
    source: {},
  },
);
check(
  'the service does not run',
  time,
  {
    [SOURCE]: {
      text: 'The following error occurred: The service has not been started. (0x80070426)\n',
      status: 1,
    },
    [STATUS]: { text: '', status: 1 },
  },
  ['no-channel', /does not run/],
);
check(
  'access denied',
  time,
  {
    [SOURCE]: { text: 'The following error occurred: Access is denied. (0x80070005)\n', status: 1 },
    [STATUS]: { text: '', status: 1 },
  },
  ['denied', /Access is denied/],
);
check('w32tm that says nothing', time, { [SOURCE]: '', [STATUS]: '' }, ['corrupt', /said nothing/]);
check('the clock is not told', { kind: 'clock' }, {}, ['no-channel', /language/]);

/** "Troubleshoot devices by using the dsregcmd command" (learn.microsoft.com). */
const joinState = (joined: string, name: string): string =>
  lines(
    '',
    '+----+',
    '| Device State |',
    '+----+',
    '',
    '             AzureAdJoined : NO',
    '          EnterpriseJoined : NO',
    `              DomainJoined : ${joined}`,
    ...(name === '' ? [] : [`                DomainName : ${name}`]),
    '               Device Name : vm1.corp.example',
  );
const whoami = (account: string): string => `"${account}","S-1-5-21-11-22-33-1104"\n`;
const JOIN = 'dsregcmd.exe /status';
const WHO = 'whoami.exe /user /fo csv /nh';
const TCPIP = 'reg.exe query "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters" /reg:64';
const suffix = `\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\n    Domain    REG_SZ    corp.example\n\n`;

check(
  'a member, by an account of its domain',
  { kind: 'membership' },
  { [JOIN]: joinState('YES', 'CORP'), [WHO]: whoami('corp\\alice'), [TCPIP]: suffix },
  {
    kind: 'membership',
    membership: { sid: 'S-1-5-21-11-22-33', domain: 'corp.example', netbiosDomain: 'CORP' },
  },
);
check(
  'a workgroup',
  { kind: 'membership' },
  { [JOIN]: joinState('NO', ''), [WHO]: whoami('vm1\\admin') },
  {
    kind: 'membership',
    membership: {},
  },
);
check(
  'a member, by an account of another domain: the SID is not told',
  { kind: 'membership' },
  { [JOIN]: joinState('YES', 'CORP'), [WHO]: whoami('other\\alice') },
  ['denied', /Access is denied/],
);
check(
  'dsregcmd that says nothing of it',
  { kind: 'membership' },
  { [JOIN]: 'Usage: dsregcmd\n', [WHO]: whoami('corp\\alice') },
  ['denied', /Access is denied/],
);
check('without dsregcmd', { kind: 'membership' }, { [WHO]: whoami('corp\\alice') }, [
  'denied',
  /Access is denied/,
]);

const COMPUTER =
  'reg.exe query "HKLM\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName" /reg:64';
const computer =
  '\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName\n    ComputerName    REG_SZ    VM1\n\n';
check(
  "the machine's SID, by an account of its own",
  { kind: 'machine-sid' },
  { [WHO]: whoami('vm1\\admin'), [COMPUTER]: computer },
  {
    kind: 'sid',
    sid: 'S-1-5-21-11-22-33',
  },
);
check(
  'no SID of the machine by an account of a domain',
  { kind: 'machine-sid' },
  { [WHO]: whoami('corp\\alice'), [COMPUTER]: computer },
  ['denied', /Access is denied/],
);
check('rights need SYSTEM', { kind: 'account-rights' }, {}, ['denied', /Access is denied/]);

const file: Question = { kind: 'file', path: '\\Windows\\System32\\termsrv.dll', security: false };
const folders = {
  'exists %SystemDrive%\\*': '',
  'exists %SystemDrive%\\Windows': '',
  'exists %SystemDrive%\\Windows\\*': '',
  'exists %SystemDrive%\\Windows\\System32': '',
  'exists %SystemDrive%\\Windows\\System32\\*': '',
};
check(
  'a file that is there',
  file,
  { ...folders, 'exists %SystemDrive%\\Windows\\System32\\termsrv.dll': '' },
  { kind: 'file', file: {} },
);
check('one that is not there', file, folders, 'absent');
check('one whose folder is not there', { ...file, path: '\\Windows\\Nope\\x.dll' }, folders, 'absent');
check(
  'one in a folder that may not be listed',
  { ...file, path: '\\Windows\\Closed\\x.dll' },
  { ...folders, 'exists %SystemDrive%\\Windows\\Closed': '' },
  ['denied', /Closed cannot be listed/],
);
check(
  'the version of a file that is there',
  { kind: 'file-version', path: file.path },
  { ...folders, 'exists %SystemDrive%\\Windows\\System32\\termsrv.dll': '' },
  ['no-channel', /it exists/],
);
