// Who listens, the time, who the machine is, and files, out of outputs as Microsoft's pages show them. Wine has none of
// these programs as Windows has them (netstat -o, tasklist, w32tm, dsregcmd), so these documents stand for the machine.
import type { Question } from '../../../../src/core/windows/inquiry.ts';
import { check, lines } from './check.ts';

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
// %SystemRoot%\\Sysnative is there for a 32-bit shell alone ("File System Redirector", learn.microsoft.com).
const asked32 = { ...folders, 'exists %SystemRoot%\\Sysnative\\*': '' };
for (const there of [{}, { 'exists %SystemDrive%\\Windows\\System32\\termsrv.dll': '' }]) {
  check(
    'a file of System32 by a 32-bit shell, which is shown another folder',
    file,
    { ...asked32, ...there },
    ['no-channel', /32-bit/],
  );
}
check('a file elsewhere by a 32-bit shell', { ...file, path: '\\Windows\\x.dll' }, asked32, 'absent');
check(
  'the version of a file that is there',
  { kind: 'file-version', path: file.path },
  { ...folders, 'exists %SystemDrive%\\Windows\\System32\\termsrv.dll': '' },
  ['no-channel', /it exists/],
);
