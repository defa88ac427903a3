// Names, addresses and SIDs in what was seen, masked by words: each always by the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { present, unknown } from '../../../src/core/model/observation.ts';
import { isAddress, maskAddresses } from '../../../src/core/redact/addresses.ts';
import { Mask } from '../../../src/core/redact/names.ts';
import { type Nameable, redact } from '../../../src/core/redact/redact.ts';
import { maskSids } from '../../../src/core/redact/sids.ts';
import { Words } from '../../../src/core/redact/words.ts';
import { seen } from '../causes/evidence.ts';
import { event, MEMBER, onDisk, timeline } from '../causes/windows-evidence.ts';

const addresses: readonly (readonly [text: string, masked: string])[] = [
  ['10.0.0.4 and 10.0.0.5, then 10.0.0.4', 'address-1 and address-2, then address-1'],
  ['tcp://192.0.2.4:3389', 'tcp://address-1:3389'],
  ['[2001:db8::4]:3389', '[address-1]:3389'],
  ['2001:DB8::4 is 2001:db8::4', 'address-1 is address-1'],
  ['2001:db8:1:2:3:4:5:6', 'address-1'],
  ['fe80::1%eth0', 'address-1'],
  ['::ffff:10.0.0.4 is 10.0.0.4', '::ffff:address-1 is address-1'],
  ['10.0.0.0/255.255.0.0', 'address-1/255.255.0.0'],
  ['10.0.0.1-10.0.0.9', 'address-1-address-2'],
  // Nobody's: loopback, any, link-local, masks, resolvers for everybody.
  [
    '127.0.0.1 ::1 :: 0.0.0.0 169.254.1.2 255.255.255.0',
    '127.0.0.1 ::1 :: 0.0.0.0 169.254.1.2 255.255.255.0',
  ],
  ['8.8.8.8 168.63.129.16', '8.8.8.8 168.63.129.16'],
  // No addresses: a time, a version of Windows, a GUID, a locator, a MAC address.
  ['2026-03-01T12:00:00.000Z 10.0.20348.2402', '2026-03-01T12:00:00.000Z 10.0.20348.2402'],
  ['System.evtx#1040 300.1.1.1 1.2.3', 'System.evtx#1040 300.1.1.1 1.2.3'],
  ['00:11:22:33:44:55', '00:11:22:33:44:55'],
];
for (const [text, masked] of addresses) {
  test(`addresses: ${text}`, () => assert.equal(maskAddresses(text, new Words()), masked));
}

test('a fingerprint of a key is as good as a name', () => {
  const print = 'SHA256:BO+nWFPYs6zxGj0m8LBsiCm4bLN1n+Vd8/vkrstGz8g';
  assert.equal(new Mask().text(`key ${print}, ${print}.`), 'key name-1, name-1.');
});

test('addresses: every IPv4 address is one, and so is every IPv6 address in full', () => {
  fc.assert(fc.property(fc.ipV4(), (text) => assert.ok(isAddress(text))));
  fc.assert(fc.property(fc.ipV6(), (text) => assert.ok(isAddress(text), text)));
});

const sids: readonly (readonly [text: string, masked: string])[] = [
  ['S-1-5-32-544 S-1-5-18 S-1-1-0 S-1-5-80-1-2-3-4-5', 'S-1-5-32-544 S-1-5-18 S-1-1-0 S-1-5-80-1-2-3-4-5'],
  ['S-1-5-21-1-2-3', 'sid-1'],
  // Domain Users of the domain, Administrator of the machine: what is well known of them stays.
  ['S-1-5-21-1-2-3-513 S-1-5-21-7-8-9-500', 'sid-1-513 sid-2-500'],
  ['S-1-5-21-1-2-3-1104, S-1-5-21-1-2-3-1105, s-1-5-21-1-2-3-1104', 'sid-1-rid-1, sid-1-rid-2, sid-1-rid-1'],
  ['S-1-12-1-1-2-3-4', 'sid-1'],
];
for (const [text, masked] of sids)
  test(`SIDs: ${text}`, () => assert.equal(maskSids(text, new Words()), masked));

const names: readonly (readonly [kind: 'host' | 'user' | 'domain', name: string, masked: string])[] = [
  ['host', 'vm1', 'host-1'],
  ['host', 'vm1.corp.example', 'host-1.domain-1'],
  ['host', 'VM1$', 'host-1$'],
  ['host', 'vm1.corp.example.', 'host-1.domain-1.'],
  ['host', '*.corp.example', '*.domain-1'],
  ['host', '10.0.0.4', 'address-1'],
  ['host', 'localhost', 'localhost'],
  ['user', 'alice', 'user-1'],
  ['user', 'CORP\\alice', 'domain-1\\user-1'],
  ['user', '.\\alice', '.\\user-1'],
  ['user', 'alice@corp.example', 'user-1@domain-1'],
  ['user', 'VM1$', 'host-1$'],
  ['user', 'NT AUTHORITY\\NetworkService', 'NT AUTHORITY\\NetworkService'],
  ['user', 'LocalSystem', 'LocalSystem'],
  ['user', '-', '-'],
  ['domain', 'corp.example', 'domain-1'],
  ['domain', 'WORKGROUP', 'WORKGROUP'],
  // What is masked stays as it is.
  ['host', 'host-4', 'host-4'],
];
for (const [kind, name, masked] of names) {
  test(`${kind} ${name}`, () => assert.equal(new Mask()[kind](name), masked));
}

test('texts: names that were learnt, in any capitals, alone or with a domain, and neighbours in it', () => {
  const mask = new Mask();
  mask.host('vm1.corp.example');
  mask.user('John Smith');
  mask.user('j.smith');
  assert.equal(
    mask.text('VM1 of CORP.example refused john smith (j.smith): ask dc2.corp.example, not VM10 or vm1x'),
    'host-1 of domain-1 refused user-1 (user-2): ask host-2.domain-1, not VM10 or vm1x',
  );
});

test('what a person wrote: accounts by their form', () => {
  assert.equal(
    new Mask().prose(
      'CORP\\bob@x and alice@corp.example.com see HKLM\\SYSTEM and C:\\Windows\\Temp fail on 10.1.1.1',
    ),
    'domain-2\\user-2@x and user-1@domain-1 see HKLM\\SYSTEM and C:\\Windows\\Temp fail on address-1',
  );
});

const LOGON = {
  TargetUserName: 'alice',
  TargetDomainName: 'CORP',
  TargetUserSid: 'S-1-5-21-1-2-3-1104',
  WorkstationName: 'LAPTOP-9',
  IpAddress: '10.9.9.9',
  Status: '0xC000006D',
  LogonType: '3',
};

const SEEN: Nameable = {
  target: 'vm1.corp.example.com:3389, /srv/cases/vm1.vhd',
  hasHost: true,
  hasMachine: false,
  symptom: 'alice cannot reach VM1',
  user: { domain: 'CORP', name: 'alice' },
  evidence: {
    'ntlm.challenge': seen({
      netbiosComputer: 'VM1',
      netbiosDomain: 'CORP',
      dnsComputer: 'vm1.corp.example.com',
      dnsDomain: 'corp.example.com',
      osBuild: '10.0.20348',
    }),
    'computer.name': onDisk('VM1'),
    'domain.membership': MEMBER,
    'secureChannel.state': onDisk({
      asked: 'verify',
      controller: '\\\\dc1.corp.example.com',
      verified: true,
      status: 0,
    }),
    'time.source': onDisk({ type: 'NT5DS', server: 'ntp.other.example.net' }),
    'events.relevant': timeline(
      event('Security-Auditing', 4625, 1, LOGON),
      event('NETLOGON', 5719, 2, { param1: 'CORP', param2: 'no word from dc1.corp.example.com' }),
    ),
  },
  warnings: [
    { code: 'disk-part-unreadable', text: 'the disk /srv/cases/vm1.vhd of VM1 cannot be read at 10' },
  ],
};

test('a diagnosis: the same one is the same word everywhere, and what is no name stays', () => {
  const redacted = redact(SEEN);
  assert.equal(redacted.target, 'host-1.domain-1:3389, disk-1');
  assert.equal(redacted.symptom, 'user-1 cannot reach host-1');
  assert.deepEqual(redacted.user, { domain: 'domain-1', name: 'user-1' });
  assert.deepEqual(redacted.warnings, [
    { code: 'disk-part-unreadable', text: 'the disk disk-1 of host-1 cannot be read at 10' },
  ]);
  const challenge = redacted.evidence['ntlm.challenge'];
  assert.deepEqual(challenge?.state === 'present' && challenge.value, {
    netbiosComputer: 'host-1',
    netbiosDomain: 'domain-1',
    dnsComputer: 'host-1.domain-1',
    dnsDomain: 'domain-1',
    osBuild: '10.0.20348',
  });
  const channel = redacted.evidence['secureChannel.state'];
  assert.equal(channel?.state === 'present' && channel.value.controller, '\\\\host-2.domain-1');
  const time = redacted.evidence['time.source'];
  assert.deepEqual(time?.state === 'present' && time.value, { type: 'NT5DS', server: 'host-4.domain-2' });
  const events = redacted.evidence['events.relevant'];
  assert.deepEqual(events?.state === 'present' && events.value.events.map(({ fields }) => fields), [
    { param1: 'domain-1', param2: 'no word from host-2.domain-1' },
    {
      ...LOGON,
      TargetUserName: 'user-1',
      TargetDomainName: 'domain-1',
      TargetUserSid: 'sid-1-rid-1',
      WorkstationName: 'host-3',
      IpAddress: 'address-2',
    },
  ]);
  assert.equal(redacted.text('CredSSP: 10.9.9.9 port 3389 open'), 'CredSSP: address-2 port 3389 open');
});

test('a name that is a word of ours wrecks nothing', () => {
  const { evidence } = redact({
    ...SEEN,
    target: 'open',
    evidence: {
      'tcp.connect': seen({ state: 'open', millis: 1, address: '10.0.0.4', addresses: [] }),
      'computer.name': onDisk('default'),
    },
  });
  const connect = evidence['tcp.connect'];
  assert.deepEqual(connect?.state === 'present' && connect.value, {
    state: 'open',
    millis: 1,
    address: 'address-1',
    addresses: [],
  });
});

test('what a second witness saw is masked as what the first did', () => {
  const other = present('VM1', {
    gatherer: 'identity',
    channel: 'rpc',
    locator: 'SYSTEM',
    observedAt: '2026-03-01T12:00:00.000Z',
  });
  const redacted = redact({
    ...SEEN,
    evidence: { 'computer.name': { ...onDisk('VM1'), others: [other, unknown('denied', 'VM1 refused it')] } },
  });
  const name = redacted.evidence['computer.name'];
  assert.equal(name?.state === 'present' && name.value, 'host-1');
  const [second, denied] = name?.others ?? [];
  assert.equal(second?.state === 'present' && second.value, 'host-1');
  assert.ok(!JSON.stringify(denied).includes('VM1'));
});

for (const [target, hasHost, hasMachine, expected] of [
  ['vm1.corp.example.com, vm1.vhd, vm1', true, true, 'host-1.domain-1, disk-1, host-1'],
  ['vm1', false, true, 'host-1'],
  ['10.0.0.4', false, true, 'address-1'],
  ['answer.txt', false, true, 'disk-1'],
  ['vm1.vhd', false, false, 'disk-1'],
  ['vm1', false, false, 'disk-1'],
] as const) {
  test(`the places that were looked at, masked: ${target}`, () => {
    const redacted = redact({ target, hasHost, hasMachine, evidence: {}, warnings: [] });
    assert.equal(redacted.target, expected);
  });
}
