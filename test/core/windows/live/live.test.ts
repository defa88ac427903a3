// Facts of the moment: who is asked what, what stands where several answer, and what a disk says.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Evidence, FactName } from '../../../../src/core/model/facts.ts';
import type { Question } from '../../../../src/core/windows/inquiry.ts';
import { inquireListenerOwner } from '../../../../src/core/windows/live/listener-owner.ts';
import { inquireMoment } from '../../../../src/core/windows/live/moment.ts';
import { inquireSecureChannel } from '../../../../src/core/windows/live/secure-channel.ts';
import { inquireTimeSource } from '../../../../src/core/windows/live/time-source.ts';
import { inquireUnfinished } from '../../../../src/core/windows/live/unfinished.ts';
import { inquireServices } from '../../../../src/core/windows/services.ts';
import { ask, CONTEXT, type FakeMachine, type LiveMachine } from '../fake-machine.ts';
import { HEALTHY_MACHINE } from '../healthy-machine.ts';

const CCS = 'SYSTEM\\CurrentControlSet';
const PORT = `${CCS}\\Control\\Terminal Server\\WinStations\\RDP-Tcp`;

/** The value of a fact, `absent`, or why it is unknown. */
function told(evidence: Evidence, name: FactName): unknown {
  const observation = evidence[name];
  if (observation?.state === 'present') return observation.value;
  return observation?.state === 'unknown' ? observation.why : observation?.state;
}

const withKeys = (
  registry: NonNullable<FakeMachine['registry']>,
  live?: LiveMachine,
  base: FakeMachine = HEALTHY_MACHINE,
): FakeMachine => ({
  ...base,
  registry: { ...base.registry, ...registry },
  ...(live === undefined ? {} : { live }),
});

describe('the secure channel', () => {
  const look = (machine: FakeMachine): Evidence => ask(machine, inquireSecureChannel(CONTEXT)).value;
  const verify = { controller: '\\\\dc1', verified: true, status: 0, pdcStatus: 0, flags: 0xb0 };
  const query = { controller: '\\\\dc1', verified: false, status: 5 };

  test('what was tried now stands before what is remembered', () => {
    const machine = withKeys({}, { channel: { verify, query } });
    assert.deepEqual(told(look(machine), 'secureChannel.state'), { asked: 'verify', ...verify });
  });
  test('what is remembered stands where it could not be tried', () => {
    const machine = withKeys({}, { channel: { query } });
    assert.deepEqual(told(look(machine), 'secureChannel.state'), { asked: 'query', ...query });
  });
  test('neither could be had', () => {
    const machine = withKeys({}, { denied: ['secure-channel'] });
    assert.equal(told(look(machine), 'secureChannel.state'), 'denied');
    assert.equal(told(look(HEALTHY_MACHINE), 'secureChannel.state'), 'no-channel');
  });
  test('the try is asked for first, of the domain by its DNS name', () => {
    const inquiry = inquireSecureChannel(CONTEXT);
    inquiry.next();
    const step = inquiry.next([
      {
        state: 'present',
        at: 'lsa',
        value: { kind: 'membership', membership: { sid: 'S-1-5-21-1-2-3', domain: 'corp.example' } },
      },
      { state: 'absent', at: 'type' },
    ]);
    const asked: readonly Question[] = step.done === true ? [] : step.value;
    assert.deepEqual(asked, [
      { kind: 'secure-channel', asked: 'verify', domain: 'corp.example' },
      { kind: 'secure-channel', asked: 'query', domain: 'corp.example' },
    ]);
  });
  test('of a machine in no domain nothing is asked', () => {
    const inquiry = inquireSecureChannel(CONTEXT);
    inquiry.next();
    const step = inquiry.next([
      { state: 'present', at: 'lsa', value: { kind: 'membership', membership: {} } },
      { state: 'absent', at: 'type' },
    ]);
    assert.ok(step.done === true);
    assert.equal(told(step.value, 'secureChannel.state'), 'absent');
  });
  test('a domain controller is not asked about its own domain', () => {
    const machine = withKeys(
      { [`${CCS}\\Control\\ProductOptions`]: { ProductType: 'LanmanNT' } },
      { channel: { verify } },
    );
    assert.equal(told(look(machine), 'secureChannel.state'), 'no-channel');
  });
  test('where nobody knows whether it is a member, nobody knows its channel', () => {
    const machine = { ...withKeys({}, { channel: { verify } }), unreadable: ['SECURITY'] };
    assert.equal(told(look(machine), 'secureChannel.state'), 'corrupt');
  });
});

describe('the owner of the port', () => {
  const look = (machine: FakeMachine): Evidence => ask(machine, inquireListenerOwner(CONTEXT)).value;
  const owners = { 3389: { process: 'svchost.exe', service: 'TermService' }, 3390: null };

  test('of the port that is set, and of 3389 where none is', () => {
    assert.deepEqual(told(look(withKeys({ [PORT]: {} }, { owners })), 'listener.owner'), owners[3389]);
    assert.equal(
      told(look(withKeys({ [PORT]: { PortNumber: 3390 } }, { owners })), 'listener.owner'),
      'absent',
    );
  });
  test('of no port nobody is the owner', () => {
    for (const port of [0, 70_000]) {
      const machine = withKeys({ [PORT]: { PortNumber: port } }, { owners });
      assert.equal(told(look(machine), 'listener.owner'), 'corrupt');
    }
  });
  test('a port that could not be read is no 3389', () => {
    const machine = { ...withKeys({}, { owners }), unreadable: [`${PORT}!PortNumber`] };
    assert.equal(told(look(machine), 'listener.owner'), 'corrupt');
  });
  test('a disk does not know', () =>
    assert.equal(told(look(HEALTHY_MACHINE), 'listener.owner'), 'no-channel'));
});

describe('the moment', () => {
  const look = (live?: LiveMachine): Evidence => ask(withKeys({}, live), inquireMoment(CONTEXT)).value;

  test('start, clock and what is left', () => {
    const resources = { handles: 4000, sessions: 2 };
    const evidence = look({ startedAt: '2026-01-01T00:00:00.000Z', offsetSeconds: -4, resources });
    assert.equal(told(evidence, 'os.startedAt'), '2026-01-01T00:00:00.000Z');
    assert.equal(told(evidence, 'clock.skewSeconds'), -4);
    assert.deepEqual(told(evidence, 'resources.state'), resources);
  });
  test('a text that is no time is no start', () =>
    assert.equal(told(look({ startedAt: 'yesterday' }), 'os.startedAt'), 'corrupt'));
  test('whoever has no clock says nothing of it, for the listener may', () => {
    assert.ok(!('clock.skewSeconds' in look()));
    assert.ok(!('clock.skewSeconds' in look({ denied: ['clock'] })));
    assert.equal(told(look(), 'os.startedAt'), 'no-channel');
    assert.equal(told(look({ denied: ['resources'] }), 'resources.state'), 'denied');
  });
});

describe('the source of time', () => {
  const key = `${CCS}\\Services\\W32Time\\Parameters`;
  const look = (registry: NonNullable<FakeMachine['registry']>, live?: LiveMachine): unknown =>
    told(ask(withKeys(registry, live), inquireTimeSource(CONTEXT)).value, 'time.source');

  test('as it is set and as it says itself', () =>
    assert.deepEqual(look({ [key]: { Type: 'NT5DS' } }, { time: { server: 'dc1', offsetSeconds: 1 } }), {
      type: 'NT5DS',
      server: 'dc1',
      offsetSeconds: 1,
    }));
  test('a disk knows how it is set, a policy before the rest', () => {
    assert.deepEqual(look({ [key]: { Type: 'NT5DS' } }), { type: 'NT5DS' });
    const policy = { 'SOFTWARE\\Policies\\Microsoft\\W32time\\Parameters': { Type: 'NTP' } };
    assert.deepEqual(look({ [key]: { Type: 'NT5DS' }, ...policy }), { type: 'NTP' });
  });
  test('either alone', () => {
    assert.deepEqual(look({ [key]: {} }, { time: { server: 'Local CMOS Clock' } }), {
      server: 'Local CMOS Clock',
    });
    assert.deepEqual(look({ [key]: { Type: 'NTP' } }, { time: null }), { type: 'NTP' });
  });
  test('neither', () => {
    assert.equal(look({ [key]: {} }), 'no-channel');
    assert.equal(look({ [key]: {} }, { time: null }), 'absent');
    assert.equal(look({ [key]: {} }, { denied: ['time-source'] }), 'denied');
  });
});

describe('what is not finished', () => {
  const CBS = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing';
  const UPDATE = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update';
  const NAMES = `${CCS}\\Control\\ComputerName`;
  const look = (
    registry: NonNullable<FakeMachine['registry']>,
    unreadable: readonly string[] = [],
  ): Evidence => ask({ ...withKeys(registry), unreadable }, inquireUnfinished(CONTEXT)).value;
  const reasons = (...args: Parameters<typeof look>): unknown => {
    const value = told(look(...args), 'os.pendingRestart');
    return typeof value === 'object' && value !== null && 'reasons' in value
      ? (value.reasons as readonly { reason: string }[]).map(({ reason }) => reason)
      : value;
  };

  test('nothing waits', () =>
    assert.deepEqual(told(look({}), 'os.pendingRestart'), { pending: false, reasons: [] }));
  test('each place where a restart waits', () => {
    assert.deepEqual(reasons({ [`${CBS}\\RebootPending`]: {} }), ['servicing']);
    assert.deepEqual(reasons({ [`${CBS}\\RebootInProgress`]: {} }), ['servicing-now']);
    assert.deepEqual(reasons({ [`${UPDATE}\\RebootRequired`]: {} }), ['update']);
    assert.deepEqual(reasons({ [`${CCS}\\Services\\Netlogon`]: { JoinDomain: 'x' } }), ['domain-join']);
    const manager = `${CCS}\\Control\\Session Manager`;
    assert.deepEqual(reasons({ [manager]: { PendingFileRenameOperations: ['\\??\\C:\\a', ''] } }), [
      'file-renames',
    ]);
    assert.deepEqual(reasons({ [manager]: { PendingFileRenameOperations: [] } }), []);
    const named = { [`${NAMES}\\ComputerName`]: { ComputerName: 'VM2' } };
    assert.deepEqual(reasons({ ...named, [`${NAMES}\\ActiveComputerName`]: { ComputerName: 'VM1' } }), [
      'computer-name',
    ]);
    assert.deepEqual(reasons({ ...named, [`${NAMES}\\ActiveComputerName`]: { ComputerName: 'vm2' } }), []);
    // On a disk there is none.
    assert.deepEqual(reasons(named), []);
  });
  test('one place that could not be read: a reason elsewhere is enough, none is not', () => {
    const blind = [`${CBS}\\RebootPending`];
    assert.equal(reasons({}, blind), 'corrupt');
    assert.equal(reasons({}, [`${NAMES}\\ActiveComputerName!ComputerName`]), 'corrupt');
    assert.deepEqual(reasons({ [`${UPDATE}\\RebootRequired`]: {} }, blind), ['update']);
  });
  test('setup', () => {
    const state = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State';
    const setup = (values: Readonly<Record<string, number>>): unknown =>
      told(look({ 'SYSTEM\\Setup': values, [state]: { ImageState: 'IMAGE_STATE_COMPLETE' } }), 'os.setup');
    const imageState = 'IMAGE_STATE_COMPLETE';
    assert.deepEqual(setup({}), { inProgress: false, firstStart: false, imageState });
    assert.deepEqual(setup({ SystemSetupInProgress: 1, OOBEInProgress: 1 }), {
      inProgress: true,
      firstStart: true,
      imageState,
    });
    assert.deepEqual(told(look({ 'SYSTEM\\Setup': {} }), 'os.setup'), {
      inProgress: false,
      firstStart: false,
    });
    assert.equal(told(look({ 'SYSTEM\\Setup': {} }, ['SYSTEM\\Setup']), 'os.setup'), 'corrupt');
  });
  test('the policy', () => {
    assert.equal(told(look({}), 'policy.refreshedAt'), 'absent');
    const key =
      'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\State\\Machine\\Extension-List\\{00000000-0000-0000-0000-000000000000}';
    // 0x01DC9CF8EAC04000 hundreds of nanoseconds since 1601.
    const times = { EndTimeLo: 0xeac04000, EndTimeHi: 0x01dc9cf8 };
    assert.equal(told(look({ [key]: times }), 'policy.refreshedAt'), '2026-02-13T14:56:21.856Z');
  });
});

describe('services', () => {
  const look = (live?: LiveMachine): unknown =>
    told(ask(withKeys({}, live), inquireServices(CONTEXT)).value, 'service.TermService');
  const set = look();

  test('their state stands with how they are set to start', () => {
    const status = { state: 'stopped' as const, exitCode: 1066, serviceExitCode: 7 };
    assert.deepEqual(look({ services: { TermService: status } }), { ...(set as object), ...status });
  });
  test('a state that nobody could tell is left out, and the rest stays', () => {
    assert.deepEqual(look({}), set);
    assert.deepEqual(look({ denied: ['service-status'] }), set);
    assert.deepEqual(look({ services: { TermService: null } }), set);
    assert.ok(typeof set === 'object' && set !== null && !('state' in set));
  });
});
