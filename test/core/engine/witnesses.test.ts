import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disagreements } from '../../../src/core/engine/witnesses.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { absent, present, unknown } from '../../../src/core/model/observation.ts';
import { textsOf } from '../../notices.ts';

const from = { gatherer: 'test', channel: 'disk', locator: 'here', observedAt: '2026-11-22T00:00:00.000Z' };
const certificate = {
  subject: 'CN=vm1',
  issuer: 'CN=vm1',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
  selfSigned: true,
  keyBits: 2048,
  signatureAlgorithm: 'sha256WithRSAEncryption',
};
const shows = (sha1: string): Evidence => ({ 'tls.certificate': present({ ...certificate, sha1 }, from) });
const names = (sha1: string): Evidence => ({
  'listener.certificate': present(
    { chosen: 'self-signed', sha1, store: 'Remote Desktop', key: 'readable' },
    from,
  ),
});
const says = (netbiosComputer: string): Evidence => ({
  'ntlm.challenge': present({ netbiosComputer }, from),
});
const called = (name: string): Evidence => ({ 'computer.name': present(name, from) });

const rows: readonly (readonly [string, Evidence, readonly RegExp[]])[] = [
  ['the same certificate and name', { ...shows('aa'), ...names('aa'), ...says('VM1'), ...called('vm1') }, []],
  ['another certificate', { ...shows('aa'), ...names('bb') }, [/different certificate \(aa\).*\(bb\)/]],
  ['another name', { ...says('VM1'), ...called('VM2') }, [/calls itself VM1, but the disk is from VM2/]],
  ['a long name, cut off by NetBIOS', { ...says('ABCDEFGHIJKLMNO'), ...called('abcdefghijklmnopq') }, []],
  [
    'a name that differs before NetBIOS cuts it off',
    { ...says('ABCDEFGHIJKLMNO'), ...called('ABCDEFGHIJKLMNX') },
    [/calls/],
  ],
  [
    'a name that goes on where NetBIOS would cut it off later',
    { ...says('ABCDEFGHIJKLMN'), ...called('ABCDEFGHIJKLMNO') },
    [/calls/],
  ],
  [
    'another certificate and another name',
    { ...shows('aa'), ...names('bb'), ...says('VM1'), ...called('VM2') },
    [/different certificate/, /calls itself/],
  ],
  ['a challenge that names nobody', { 'ntlm.challenge': present({}, from), ...called('VM2') }, []],
  ['a name from outside alone', { ...says('VM1'), 'computer.name': unknown('corrupt') }, []],
  ['a name from inside alone', { 'ntlm.challenge': unknown('timeout'), ...called('VM2') }, []],
  [
    'a certificate that the disk does not tell',
    { ...shows('aa'), 'listener.certificate': unknown('corrupt') },
    [],
  ],
  ['one vantage alone', { ...shows('aa'), ...says('VM1') }, []],
  ['nothing that can be compared', { 'tls.certificate': unknown('no-channel'), ...names('aa') }, []],
];
for (const [name, evidence, expected] of rows) {
  test(`two machines in one diagnosis: ${name}`, () => {
    const doubts = disagreements(evidence);
    assert.equal(doubts.length, expected.length, textsOf(doubts).join('; '));
    for (const [index, pattern] of expected.entries()) assert.match(doubts[index]?.text ?? '', pattern);
    for (const { code } of doubts) assert.equal(code, 'witnesses-disagree');
  });
}

const later = { ...from, channel: 'rpc', observedAt: '2026-11-22T10:00:00.000Z' };
const port = (effective: number, where: string) => ({ effective, setBy: 'machine' as const, where });
test('a running machine that was asked is not called a disk', () => {
  const doubts = disagreements({
    ...shows('aa'),
    ...says('VM1'),
    'computer.name': present('VM2', later),
    'listener.certificate': present(
      { chosen: 'self-signed', sha1: 'bb', store: 'Remote Desktop', key: 'readable' },
      later,
    ),
  });
  assert.match(textsOf(doubts)[0] ?? '', /the machine asked by rpc names \(bb\): these may be two machines/);
  assert.match(textsOf(doubts)[1] ?? '', /calls itself VM1, but the machine asked by rpc is VM2/);
  assert.doesNotMatch(textsOf(doubts).join(), /disk/);
});

const both: readonly (readonly [string, Evidence, RegExp | undefined])[] = [
  [
    'two that say the same at different places',
    {
      'listener.portNumber': {
        ...present(port(3389, 'CurrentControlSet'), later),
        others: [present(port(3389, 'ControlSet001'), from)],
      },
    },
    undefined,
  ],
  [
    'two that say different numbers',
    {
      'listener.portNumber': {
        ...present(port(3390, 'CurrentControlSet'), later),
        others: [present(port(3389, 'ControlSet001'), from)],
      },
    },
    /^listener\.portNumber .* by rpc \(2026-11-22 10:00 UTC\) and by disk \(2026-11-22 00:00 UTC\)/,
  ],
  [
    'one that found nothing where another found something',
    { 'computer.name': { ...present('VM1', later), others: [absent(from)] } },
    /^computer\.name /,
  ],
  [
    'one that was denied',
    { 'computer.name': { ...present('VM1', later), others: [unknown('denied'), present('VM1', from)] } },
    undefined,
  ],
  [
    'the third of three',
    {
      'computer.name': { ...present('VM1', later), others: [present('VM1', from), present('VM2', from)] },
    },
    /^computer\.name /,
  ],
  [
    'lists in another order',
    {
      'dns.servers': {
        ...present([{ interface: 'a', servers: ['10.0.0.4', '10.0.0.5'] }] as never, later),
        others: [present([{ interface: 'a', servers: ['10.0.0.5', '10.0.0.4'] }] as never, from)],
      },
    },
    /^dns\.servers /,
  ],
  [
    'a disk, which does not tell whether a service runs, and one that does',
    {
      'service.TermService': {
        ...present({ startType: 3, state: 'running', processId: 1234 } as const, later),
        others: [present({ startType: 3 }, from), present({ startType: 3, state: 'stopped' } as const, from)],
      },
      'time.source': {
        ...present({ type: 'NTP', server: 'dc1', offsetSeconds: 1 }, later),
        others: [present({ type: 'NTP' }, from)],
      },
    },
    undefined,
  ],
  [
    'two that say how a service starts, differently',
    {
      'service.TermService': {
        ...present({ startType: 4, state: 'stopped' } as const, later),
        others: [present({ startType: 3 }, from)],
      },
    },
    /^service\.TermService /,
  ],
  [
    'the secure channel and what waits for a restart, at two moments',
    {
      'secureChannel.state': {
        ...present({ asked: 'verify', verified: true, status: 0 } as const, later),
        others: [present({ asked: 'verify', verified: true, status: 5 } as const, from)],
      },
      'os.pendingRestart': {
        ...present({ pending: false, reasons: [] }, later),
        others: [present({ pending: true, reasons: [] }, from)],
      },
    },
    undefined,
  ],
  [
    'what differs from one moment to the next',
    { 'clock.skewSeconds': { ...present(3, later), others: [present(4, from)] } },
    undefined,
  ],
];
for (const [name, evidence, says] of both) {
  test(`two witnesses of one machine: ${name}`, () => {
    const [warning, ...more] = disagreements(evidence);
    assert.deepEqual(more, []);
    if (says === undefined) assert.equal(warning, undefined);
    else assert.match(warning?.text ?? '', says);
  });
}
