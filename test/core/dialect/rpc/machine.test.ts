// Questions to a machine in memory: what each interface says, and what is said where one is not to be had.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Writer } from '../../../../src/core/bytes/writer.ts';
import type { Answer, Question } from '../../../../src/core/windows/inquiry.ts';
import { HEALTHY_MACHINE } from '../../windows/healthy-machine.ts';
import { askQuestions, EPOCH, type FakeWindows } from './fake-windows.ts';

const PIPE_NOT_AVAILABLE = 0xc000_00ac;
const NAME_NOT_FOUND = 0xc000_0034;
const ACCESS_DENIED = 0xc000_0022;
const BAD_NETWORK_NAME = 0xc000_00cc;
const PIPE_BUSY = 0xc000_00ae;
const PIPE_BROKEN = 0xc000_014b;

const LSA = 'CurrentControlSet\\Control\\Lsa';
const KEYS = {
  [`SYSTEM\\${LSA}`]: { LmCompatibilityLevel: 5 },
  'SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0': {},
};
const level: Question = { kind: 'value', hive: 'SYSTEM', key: LSA, name: 'LmCompatibilityLevel' };

/** State, or why not and in which words. */
function brief(answer: Answer | undefined): string {
  if (answer === undefined) return 'no answer';
  return answer.state === 'unknown' ? `${answer.why}: ${answer.detail ?? ''}` : answer.state;
}

const one = (windows: FakeWindows, question: Question): Answer =>
  askQuestions(windows, [question]).answers[0] ?? assert.fail('no answer');

suite('the registry', () => {
  test('a value, a key and names, and where they stood', () => {
    const { answers } = askQuestions({ registry: { keys: KEYS } }, [
      level,
      { kind: 'values', hive: 'SYSTEM', key: LSA },
      { kind: 'subkeys', hive: 'SYSTEM', key: LSA },
      { kind: 'value', hive: 'SYSTEM', key: LSA, name: 'Other' },
      { kind: 'values', hive: 'SYSTEM', key: 'Nothing' },
    ]);
    const found = { name: 'LmCompatibilityLevel', type: 4, data: 5 };
    assert.deepEqual(answers, [
      { state: 'present', at: `SYSTEM\\${LSA}!LmCompatibilityLevel`, value: { kind: 'value', value: found } },
      { state: 'present', at: `SYSTEM\\${LSA}`, value: { kind: 'values', values: [found] } },
      { state: 'present', at: `SYSTEM\\${LSA}`, value: { kind: 'names', names: ['MSV1_0'] } },
      { state: 'absent', at: `SYSTEM\\${LSA}!Other` },
      { state: 'absent', at: 'SYSTEM\\Nothing' },
    ]);
  });

  test('a value that is larger than the room at first', () => {
    const data = Uint8Array.from({ length: 50_000 }, (_, at) => at & 0xff);
    const answer = one(
      { registry: { keys: { 'SOFTWARE\\Big': { Blob: data } } } },
      {
        kind: 'value',
        hive: 'SOFTWARE',
        key: 'Big',
        name: 'Blob',
      },
    );
    assert.ok(answer.state === 'present' && answer.value.kind === 'value');
    assert.deepEqual(answer.value.value.data, data);
  });

  test('a list that became shorter while it was read: one that moved up may have been passed over', () => {
    const keys = { ...KEYS, [`SYSTEM\\${LSA}`]: { A: 1, B: 2 }, [`SYSTEM\\${LSA}\\Kerberos`]: {} };
    const { answers } = askQuestions({ registry: { keys, loses: true } }, [
      { kind: 'values', hive: 'SYSTEM', key: LSA },
      { kind: 'subkeys', hive: 'SYSTEM', key: LSA },
    ]);
    const [values, subkeys] = answers;
    assert.ok(values?.state === 'present' && values.value.kind === 'values');
    assert.deepEqual(values.value.values, [{ name: 'B', type: 4, data: 2 }]);
    assert.match(values.value.incomplete ?? '', /changed/);
    assert.match(brief(subkeys), /^corrupt: .*changed/);
  });

  test('a key that is denied is denied, and the rest is answered', () => {
    const { answers, inquired } = askQuestions(
      { registry: { keys: { ...KEYS, 'SYSTEM\\Other': { A: 1 } }, denied: [`SYSTEM\\${LSA}`] } },
      [level, { kind: 'value', hive: 'SYSTEM', key: 'Other', name: 'A' }],
    );
    assert.deepEqual(answers.map(brief), [`denied: SYSTEM\\${LSA}: access denied`, 'present']);
    assert.equal(inquired.deniesAll, false);
  });

  test('a server that does not know KEY_WOW64_64KEY is asked without', () => {
    assert.equal(brief(one({ registry: { keys: KEYS, old: true } }, level)), 'present');
    assert.equal(brief(one({ registry: { keys: KEYS, old: 'denies' } }, level)), 'present');
  });

  test('HKEY_LOCAL_MACHINE itself is denied: nothing is waited for', () => {
    const { answers, pauses } = askQuestions({ registry: { keys: KEYS, denied: [''] } }, [level]);
    assert.deepEqual(answers.map(brief), ['denied: HKEY_LOCAL_MACHINE: access denied']);
    assert.deepEqual(pauses, []);
  });
});

suite('the time of the machine’s password', () => {
  const keys = HEALTHY_MACHINE.registry ?? {};
  const rows: readonly (readonly [string, FakeWindows['registry'] & object, RegExp])[] = [
    ['with SeBackupPrivilege', { keys, backup: true }, /^present$/],
    ['without it', { keys }, /^denied: SECURITY\\Policy\\Secrets\\\$MACHINE.ACC\\CupdTime: access denied$/],
    [
      'where there is no SECURITY at all',
      { keys, unguarded: true },
      /^no-channel: HKLM\\SECURITY cannot be seen/,
    ],
    ['of a machine that holds none', { keys: { 'SECURITY\\Policy': {} }, backup: true }, /^absent$/],
  ];
  for (const [name, registry, said] of rows) {
    test(name, () => assert.match(brief(one({ registry }, { kind: 'machine-password' })), said));
  }
});

suite('RemoteRegistry', () => {
  const service = `CurrentControlSet\\Services\\TermService`;
  const questions: readonly Question[] = [
    level,
    { kind: 'values', hive: 'SYSTEM', key: service },
    { kind: 'value', hive: 'SYSTEM', key: service, name: 'Start' },
    { kind: 'value', hive: 'SYSTEM', key: service, name: 'FailureActions' },
    { kind: 'values', hive: 'SYSTEM', key: 'CurrentControlSet\\Services\\Nope' },
    {
      kind: 'value',
      hive: 'SYSTEM',
      key: 'CurrentControlSet\\Control\\ComputerName\\ComputerName',
      name: 'ComputerName',
    },
  ];
  const termservice = {
    state: 4,
    start: 3,
    type: 0x20,
    program: '%SystemRoot%\\System32\\svchost.exe -k NetworkService',
    account: 'NT Authority\\NetworkService',
    needs: ['RPCSS', '+NetworkProvider'],
  };

  for (const [name, status] of [
    ['no pipe', NAME_NOT_FOUND],
    ['pipe not available', PIPE_NOT_AVAILABLE],
  ] as const) {
    test(`${name} at first: it is tried again after 0.5 and 1 s`, () => {
      const { answers, pauses, inquired } = askQuestions(
        {
          registry: { keys: KEYS },
          refuse: (pipe, tries) => (pipe === 'winreg' && tries < 2 ? status : undefined),
        },
        [level],
      );
      assert.deepEqual(answers.map(brief), ['present']);
      assert.deepEqual(pauses, [500, 1000]);
      assert.equal(inquired.noRegistry, undefined);
    });
  }

  test('disabled: three tries, a sentence with what to do, and what the services say', () => {
    const { answers, pauses, inquired } = askQuestions(
      {
        services: { termservice, remoteregistry: { state: 1, start: 4 } },
        refuse: (pipe) => (pipe === 'winreg' ? NAME_NOT_FOUND : undefined),
        name: 'VM7',
      },
      questions,
    );
    assert.deepEqual(pauses, [500, 1000, 2000]);
    const why =
      'the service RemoteRegistry is disabled, as Windows for desktops has it, so the registry cannot be read over RPC; enable it on the machine (sc config RemoteRegistry start= demand) or use --ssh or rdpdoctor collect instead';
    assert.equal(inquired.noRegistry?.detail, why);
    const incomplete =
      'the registry could not be read, and the service control manager tells no more than this';
    assert.equal(brief(answers[0]), `no-channel: ${why}`);
    assert.deepEqual(answers[1], {
      state: 'present',
      at: 'svcctl termservice',
      value: {
        kind: 'values',
        incomplete,
        values: [
          { name: 'Start', type: 4, data: 3 },
          { name: 'Type', type: 4, data: 0x20 },
          { name: 'ObjectName', type: 1, data: 'NT Authority\\NetworkService' },
          { name: 'ImagePath', type: 2, data: termservice.program },
          { name: 'DependOnService', type: 7, data: ['RPCSS'] },
          { name: 'DependOnGroup', type: 7, data: ['NetworkProvider'] },
        ],
      },
    });
    assert.deepEqual(answers[2], {
      state: 'present',
      at: 'svcctl termservice',
      value: { kind: 'value', value: { name: 'Start', type: 4, data: 3 } },
    });
    assert.equal(brief(answers[3]), `no-channel: ${incomplete}`);
    assert.equal(brief(answers[4]), 'absent');
    assert.deepEqual(answers[5], {
      state: 'present',
      at: 'wkssvc NetrWkstaGetInfo',
      value: { kind: 'value', value: { name: 'ComputerName', type: 1, data: 'VM7' } },
    });
  });

  test('set to start, and does not', () => {
    const { inquired } = askQuestions(
      {
        services: { remoteregistry: { state: 1, start: 3 } },
        refuse: (pipe) => (pipe === 'winreg' ? PIPE_NOT_AVAILABLE : undefined),
      },
      [level],
    );
    assert.match(
      inquired.noRegistry?.detail ?? '',
      /^the service RemoteRegistry is stopped and did not open its pipe within 3\.5 s; start it/,
    );
  });

  test('no such service, and services that are denied', () => {
    const without = (services: NonNullable<FakeWindows['services']>): string =>
      askQuestions({ services }, [level]).inquired.noRegistry?.detail ?? '';
    assert.match(without({}), /^the machine has no service RemoteRegistry/);
    assert.match(without('denied'), /^the service RemoteRegistry did not open its pipe/);
  });
});

suite('an account without rights', () => {
  const everywhere: FakeWindows = {
    registry: { keys: KEYS, denied: ['SYSTEM', 'SOFTWARE'] },
    services: 'denied',
    refuse: (name) => (name === 'ADMIN$' ? ACCESS_DENIED : undefined),
  };
  const questions: readonly Question[] = [
    level,
    { kind: 'service-status', name: 'TermService' },
    { kind: 'file', path: '\\Windows\\System32\\termsrv.dll', security: false },
  ];

  test('denied everywhere is told as one thing', () => {
    const { answers, inquired } = askQuestions(everywhere, questions);
    assert.ok(inquired.deniesAll);
    for (const answer of answers) assert.match(brief(answer), /^denied: /);
  });

  test('one of them that answers is enough for it not to be', () => {
    const rows: readonly Partial<FakeWindows>[] = [
      { registry: { keys: KEYS } },
      { services: {} },
      { refuse: () => undefined },
    ];
    for (const row of rows)
      assert.equal(askQuestions({ ...everywhere, ...row }, questions).inquired.deniesAll, false);
  });

  test('no IPC$: everything is denied, and said why', () => {
    const refuse = (name: string) => (name === 'IPC$' ? ACCESS_DENIED : undefined);
    const { answers, inquired } = askQuestions({ refuse }, [level]);
    assert.match(brief(answers[0]), /^denied: connecting to IPC\$: access denied/);
    assert.equal(inquired.noPipes?.why, 'denied');
  });
});

suite('pipes that break', () => {
  test('busy: opened anew, and one call at a time', () => {
    const { answers, sent } = askQuestions(
      {
        registry: { keys: KEYS },
        // The messages of the pipe: bind, sign-in, the root, and then two keys at once.
        twist: (pipe, opened, message) =>
          pipe === 'winreg' && opened === 0 && message >= 3 ? PIPE_BUSY : undefined,
      },
      [level],
    );
    assert.deepEqual(answers.map(brief), ['present']);
    const after = sent.slice(sent.lastIndexOf('SMB2 CREATE winreg'));
    assert.ok(
      after.every((what) => !what.startsWith('SMB2 WRITE winreg: Base')),
      after.join(', '),
    );
    assert.ok(after.some((what) => what.startsWith('SMB2 IOCTL winreg: BaseRegQueryValue')));
  });

  test('without a sign-in of the pipe, where the server refuses that: the session has its own', () => {
    const { answers, sent } = askQuestions({ registry: { keys: KEYS }, unsealed: true }, [level]);
    assert.deepEqual(answers.map(brief), ['present']);
    assert.equal(sent.filter((what) => what === 'SMB2 CREATE winreg').length, 2);
    assert.ok(sent.every((what) => !what.includes('rpc_auth_3')));
  });

  test('gone: opened anew', () => {
    const { answers } = askQuestions(
      {
        registry: { keys: KEYS },
        twist: (pipe, opened, message) =>
          pipe === 'winreg' && opened === 0 && message >= 2 ? PIPE_BROKEN : undefined,
      },
      [level],
    );
    assert.deepEqual(answers.map(brief), ['present']);
  });

  test('gone each time: given up, and the rest goes on', () => {
    const { answers } = askQuestions(
      {
        registry: { keys: KEYS },
        services: { termservice: { state: 4, processId: 900 } },
        twist: (pipe, _, message) => (pipe === 'winreg' && message >= 2 ? PIPE_BROKEN : undefined),
      },
      [level, { kind: 'service-status', name: 'TermService' }],
    );
    assert.match(brief(answers[0]), /^no-channel: .*pipe/);
    assert.equal(brief(answers[1]), 'present');
  });
});

suite('services', () => {
  const services = {
    termservice: { state: 4, processId: 900 },
    gpsvc: { state: 1, exitCode: 1066, serviceExitCode: 5 },
    netlogon: { state: 1, exitCode: 1077 },
    strange: { state: 9 },
  };
  const rows: readonly (readonly [string, unknown])[] = [
    ['TermService', { state: 'running', exitCode: 0, processId: 900 }],
    ['gpsvc', { state: 'stopped', exitCode: 1066, serviceExitCode: 5 }],
    ['Netlogon', { state: 'stopped', exitCode: 1077 }],
  ];
  for (const [name, status] of rows) {
    test(name, () => {
      const answer = one({ services }, { kind: 'service-status', name });
      assert.deepEqual(answer, {
        state: 'present',
        at: `svcctl ${name}`,
        value: { kind: 'service-status', status },
      });
    });
  }
  test('one that is not there, and a state that does not exist', () => {
    assert.equal(brief(one({ services }, { kind: 'service-status', name: 'Nope' })), 'absent');
    assert.match(
      brief(one({ services }, { kind: 'service-status', name: 'strange' })),
      /^corrupt: .*state 9/,
    );
  });
});

/** S-1-5-21-…, in bytes. */
function sid(...parts: readonly number[]): Uint8Array {
  const w = new Writer()
    .u8(1)
    .u8(parts.length + 1)
    .bytes(Uint8Array.of(0, 0, 0, 0, 0, 5))
    .u32le(21);
  for (const part of parts) w.u32le(part);
  return w.toBytes();
}

suite('the Local Security Authority', () => {
  test('a member: its domain by the names that the LSA has', () => {
    const answer = one(
      { domain: { name: 'CORP', sid: sid(4, 5, 6), dns: 'corp.example' }, role: 3 },
      { kind: 'membership' },
    );
    assert.deepEqual(answer.state === 'present' && answer.value, {
      kind: 'membership',
      membership: { sid: 'S-1-5-21-4-5-6', domain: 'corp.example', netbiosDomain: 'CORP' },
    });
  });

  test('a member whose LSA has no DNS domain, as Samba: DSSETUP names it', () => {
    const answer = one({ domain: { name: 'CORP', sid: sid(4, 5, 6) }, role: 3 }, { kind: 'membership' });
    assert.deepEqual(answer.state === 'present' && answer.value, {
      kind: 'membership',
      membership: { sid: 'S-1-5-21-4-5-6', netbiosDomain: 'CORP' },
    });
  });

  test('a workgroup', () => {
    const answer = one({}, { kind: 'membership' });
    assert.deepEqual(answer.state === 'present' && answer.value, { kind: 'membership', membership: {} });
  });

  test('the SID of the machine’s own accounts', () => {
    const answer = one({ accountSid: sid(1, 2, 3) }, { kind: 'machine-sid' });
    assert.deepEqual(answer.state === 'present' && answer.value, { kind: 'sid', sid: 'S-1-5-21-1-2-3' });
    assert.match(brief(one({}, { kind: 'machine-sid' })), /^corrupt: .*no SID/);
  });

  const holders = {
    SeRemoteInteractiveLogonRight: [sid(1, 2, 3, 1001)],
    SeNetworkLogonRight: [sid(1, 2, 3, 1001), sid(1, 2, 3, 1002)],
  };
  test('who holds the rights, and that nobody is denied', () => {
    const answer = one({ rights: holders }, { kind: 'account-rights' });
    assert.deepEqual(answer.state === 'present' && answer.value, {
      kind: 'account-rights',
      rights: {
        remoteInteractive: ['S-1-5-21-1-2-3-1001'],
        network: ['S-1-5-21-1-2-3-1001', 'S-1-5-21-1-2-3-1002'],
        denyRemoteInteractive: [],
        denyNetwork: [],
      },
    });
  });
  for (const [name, status, said] of [
    ['that is denied', ACCESS_DENIED, /^denied: who holds SeDenyNetworkLogonRight: access denied$/],
    [
      'that the machine does not know, as a Samba member',
      0xc000_0060,
      /^no-channel: .*knows no right SeDenyNetworkLogonRight \(0xc0000060\)$/,
    ],
  ] as const) {
    test(`one right ${name} makes all unknown: it could deny everybody`, () => {
      const rights = { ...holders, SeDenyNetworkLogonRight: status };
      assert.match(brief(one({ rights }, { kind: 'account-rights' })), said);
    });
  }
});

suite('time', () => {
  const seconds = EPOCH / 1000;
  test('the clock, half of the way there and back taken off', () => {
    // Three round trips for the session, then the shares, the pipe and its bind: asked after 0.6 s, answered after 0.7 s.
    const answer = one({ time: { unixSeconds: seconds + 300, uptimeMillis: 0 } }, { kind: 'clock' });
    assert.ok(answer.state === 'present' && answer.value.kind === 'clock');
    assert.equal(answer.value.offsetSeconds, 299.35);
  });

  const filetime = (millis: number): Uint8Array =>
    new Writer().u64le((BigInt(millis) + 11_644_473_600_000n) * 10_000n).toBytes();
  const day = 86_400_000;
  const shutdown = (millis: number | undefined): FakeWindows => ({
    registry: {
      keys: {
        'SYSTEM\\CurrentControlSet\\Control\\Windows': {
          ...(millis === undefined ? {} : { ShutdownTime: filetime(millis) }),
        },
      },
    },
    time: { unixSeconds: seconds, uptimeMillis: 3 * day },
  });
  test('the start, where the last shutdown shows that the count has not wrapped', () => {
    const answer = one(shutdown(EPOCH - 3 * day - 30_000), { kind: 'start-time' });
    assert.deepEqual(answer.state === 'present' && answer.value, {
      kind: 'time',
      at: new Date(EPOCH - 3 * day).toISOString(),
    });
  });
  for (const [name, millis] of [
    ['longer ago than the count goes', EPOCH - 60 * day],
    ['after the start that the count gives: a hybrid shutdown', EPOCH - day],
    ['in the future', EPOCH + day],
    ['unknown', undefined],
  ] as const) {
    test(`no start where the last shutdown is ${name}`, () => {
      assert.match(brief(one(shutdown(millis), { kind: 'start-time' })), /^no-channel: .*modulo 49\.7 days/);
    });
  }
});

suite('files', () => {
  const version = new Writer()
    .zeros(40)
    .bytes(Uint8Array.of(0xbd, 0x04, 0xef, 0xfe))
    .u32le(0x10000);
  const file = version.u32le(0x000a_0000).u32le(0x4563_04d2).zeros(70_000).toBytes();
  const windows: FakeWindows = { files: { 'System32\\TSpkg.dll': file } };

  test('the version of TSpkg.dll through ADMIN$', () => {
    const answer = one(windows, { kind: 'file-version', path: '\\Windows\\System32\\TSpkg.dll' });
    assert.deepEqual(answer, {
      state: 'present',
      at: 'ADMIN$\\System32\\TSpkg.dll',
      value: { kind: 'version', version: '10.0.17763.1234' },
    });
  });

  test('one that is not there is absent', () => {
    assert.equal(brief(one(windows, { kind: 'file', path: '\\Windows\\System32\\nope.dll' })), 'absent');
  });

  test('one that is denied is denied', () => {
    const refuse = (name: string) => (name === 'System32\\TSpkg.dll' ? ACCESS_DENIED : undefined);
    const question: Question = { kind: 'file-version', path: '\\Windows\\System32\\TSpkg.dll' };
    assert.match(brief(one({ ...windows, refuse }, question)), /^denied: opening System32\\TSpkg\.dll/);
  });

  test('what lies elsewhere, and folders, are no matter of RPC', () => {
    for (const question of [
      { kind: 'file', path: '\\ProgramData\\x' },
      { kind: 'folder', path: '\\Windows' },
    ] as const) {
      assert.match(brief(one(windows, question)), /^no-channel: /);
    }
  });

  test('a share that is denied or not there is not an absent file', () => {
    const withShare = (status: number): FakeWindows => ({
      ...windows,
      refuse: (name) => (name === 'ADMIN$' ? status : undefined),
    });
    const question: Question = { kind: 'content', path: '\\Windows\\a', limit: 10 };
    assert.match(brief(one(withShare(ACCESS_DENIED), question)), /^denied: connecting to ADMIN\$/);
    assert.match(brief(one(withShare(BAD_NETWORK_NAME), question)), /^no-channel: connecting to ADMIN\$/);
  });
});

test('what nobody tells over RPC says which way does', () => {
  for (const kind of ['time-source', 'resources'] as const) {
    assert.equal(
      brief(one({}, { kind })),
      `no-channel: ${kind} is not to be had over RPC; use --ssh or rdpdoctor collect`,
    );
  }
});
