// Connections that die where they were told to, watched by a bare TCP client and by our own diagnosis.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../src/core/bytes/hex.ts';
import { clientHelloRecord } from '../../src/core/protocol/tls-probe.ts';
import { TLS_VERSION } from '../../src/core/protocol/tls-record.ts';
import type { Death, DeathStage, LabChange } from '../../src/lab/config.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { PUBLISHED_CONNECT_INITIAL } from '../core/protocol/connect-samples.ts';
import { say, sayInsideTls } from './bare-client.ts';
import { diagnoseLab, readingOf } from './read-lab.ts';

/** TPKT, X.224 Connection Request, RDP_NEG_REQ asking for these protocols. */
const requestOf = (protocols: number) =>
  fromHex(`03000013 0e e0 0000 0000 00 01 00 0800 ${protocols.toString(16).padStart(2, '0')}000000`);
const CONFIRM_LENGTH = 19;

const PLAIN: LabChange = { securityLayer: 'rdp', nla: false };

async function withLab<T>(change: LabChange, use: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await startLab(change);
  try {
    return await use(lab);
  } finally {
    await lab.close();
  }
}

/** What a client of standard RDP security gets to hear. */
const sayPlain = (lab: Lab, patience?: number) =>
  say(lab.port, [requestOf(0), PUBLISHED_CONNECT_INITIAL], patience);

/** So long nobody waits on any machine; who is not ended by then is not ended at all. */
const PATIENCE = 120_000;

/** Longer than a talk with any key share and certificate of the lab. */
const LONGEST_TALK = 12_000;
const COMPLETE_TALKS = 3;

describe('death after so many bytes', () => {
  test('at every single byte of a talk in standard security', async () => {
    // The client's silence after the settings keeps a healthy connection open, so all of them can be counted.
    const whole = await withLab(PLAIN, (lab) => sayPlain(lab, 300));
    assert.equal(whole.how, 'open');
    assert.ok(whole.bytes.length > 400, `only ${whole.bytes.length} bytes`);
    for (let count = 0; count <= whole.bytes.length; count += 1) {
      const heard = await withLab({ ...PLAIN, deadAfterBytes: { count, by: 'end' } }, sayPlain);
      assert.deepEqual([heard.bytes.length, heard.how], [count, 'end']);
      const head = Math.min(count, CONFIRM_LENGTH);
      assert.equal(toHex(heard.bytes.subarray(0, head)), toHex(whole.bytes.subarray(0, head)));
    }
  });

  for (const count of [0, 1, 18, 19, 20, 300]) {
    test(`by reset after ${count}: the bytes before it arrive`, async () => {
      const heard = await withLab({ ...PLAIN, deadAfterBytes: { count, by: 'reset' } }, sayPlain);
      assert.deepEqual([heard.bytes.length, heard.how], [count, 'reset']);
    });
    test(`by silence after ${count}`, async () => {
      const change = { ...PLAIN, deadAfterBytes: { count, by: 'silence' } } as const;
      const heard = await withLab(change, (lab) => sayPlain(lab, 200));
      assert.deepEqual([heard.bytes.length, heard.how], [count, 'open']);
    });
  }

  test('a cut talk never becomes a false fact', async () => {
    // Steps that share no factor with the sizes of records. How long a whole NLA talk is depends on the OpenSSL
    // of this Node: from 3.5 on a key share is ML-KEM's, and twelve hundred bytes longer.
    const healthy = readingOf(await diagnoseLab({}));
    const honest = new Set(['unknown', 'closed', '0x0: closed', '0x1: closed', '0x3: closed', '0xb: closed']);
    let complete = 0;
    for (let count = 0; complete < COMPLETE_TALKS; count += 97) {
      assert.ok(count < LONGEST_TALK, 'the last cuts leave the challenge whole');
      const by: Death = count % 2 === 0 ? 'end' : 'reset';
      const reading = readingOf(await diagnoseLab({ deadAfterBytes: { count, by } }));
      const { versions, negotiation, skew, certificate, ...rest } = reading;
      for (const [fact, value] of Object.entries(rest)) {
        const told = Object.entries(healthy).find(([name]) => name === fact)?.[1];
        assert.ok(value === told || honest.has(String(value)), `${count}: ${fact} is ${value}`);
      }
      for (const [at, row] of negotiation.entries())
        assert.ok(row === healthy.negotiation[at] || honest.has(row), row);
      assert.ok(['0', '-0', 'unknown'].includes(skew), `${count}: ${skew}`);
      assert.ok(certificate.startsWith('CN=lab.corp.example ') || certificate === 'unknown', certificate);
      assert.match(
        versions,
        /^(\(refused 70\)|\(closed\)) (\(refused 70\)|\(closed\)) (1\.2|\(closed\)) (1\.3|\(closed\))$|^unknown$/,
      );
      if (reading.names === healthy.names) complete += 1;
    }
  });
});

describe('death at a stage, as the diagnosis sees it', { concurrency: 6 }, () => {
  const MASKS = ['0x0', '0x1', '0x3', '0xb'];
  const ANSWERED = ['0x0: failure 5', '0x1: failure 5', '0x3: 2 flags 31', '0xb: 8 flags 31'];
  const VERSIONS = '(refused 70) (refused 70) 1.2 1.3';
  const DEAD_IN_TLS = '(closed) (closed) (closed) (closed)';
  const ROWS: readonly (readonly [
    stage: DeathStage,
    negotiation: 'answered' | 'not answered',
    versions: string,
    certificate: 'seen' | 'not seen',
  ])[] = [
    ['accept', 'not answered', 'unknown', 'not seen'],
    ['after-request', 'not answered', 'unknown', 'not seen'],
    ['after-confirm', 'answered', DEAD_IN_TLS, 'not seen'],
    ['in-tls', 'answered', DEAD_IN_TLS, 'not seen'],
    ['after-tls', 'answered', VERSIONS, 'seen'],
    ['after-negotiate', 'answered', VERSIONS, 'seen'],
  ];
  const read = async (change: LabChange, timeoutMillis: number) => {
    const reading = readingOf(await diagnoseLab(change, { timeoutMillis }));
    assert.deepEqual([reading.names, reading.refusal], ['unknown', 'unknown']);
    return { ...reading, certificate: reading.certificate === 'unknown' ? 'not seen' : 'seen' };
  };
  for (const [stage, answer, versions, certificate] of ROWS) {
    for (const by of ['end', 'reset'] as const) {
      test(`${stage} by ${by}`, async () => {
        const reading = await read({ deadAt: { stage, by } }, 15_000);
        const expected = answer === 'answered' ? ANSWERED : MASKS.map((mask) => `${mask}: closed`);
        assert.deepEqual(reading.negotiation, expected);
        assert.deepEqual([reading.versions, reading.certificate], [versions, certificate]);
      });
    }
    test(`${stage} by silence`, async () => {
      // Silence uses up the time, so not every mask and version has its turn; those that had it are told as they are.
      const reading = await read({ deadAt: { stage, by: 'silence' } }, 2_000);
      const expected = answer === 'answered' ? ANSWERED : MASKS.map((mask) => `${mask}: silent`);
      assert.ok(reading.negotiation.length > 0);
      for (const row of reading.negotiation) assert.ok(expected.includes(row), row);
      if (versions === DEAD_IN_TLS) assert.match(reading.versions, /^(\((timeout|closed)\) ?){4}$/);
      assert.equal(reading.certificate, certificate);
    });
  }
});

describe('bytes that come one by one', () => {
  test('are spaced', async () => {
    const heard = await withLab({ ...PLAIN, drip: 5 }, (lab) => say(lab.port, [requestOf(1)]));
    assert.deepEqual([heard.bytes.length, heard.how], [CONFIRM_LENGTH, 'end']);
    assert.ok(heard.millis >= 5 * (CONFIRM_LENGTH - 1) * 0.9, `${heard.millis} ms`);
  });

  test('are all there: an alert is not cut off by the end of TLS', async () => {
    const hello = clientHelloRecord({
      versions: [TLS_VERSION.tls10],
      suites: [0x002f],
      groups: [0x0017],
      random: new Uint8Array(32),
      keyShare: new Uint8Array(32),
    });
    const heard = await withLab({ drip: 1 }, (lab) => say(lab.port, [requestOf(3), hello]));
    // An alert record: fatal, protocol_version.
    assert.match(toHex(heard.bytes.subarray(CONFIRM_LENGTH)), /^1503..00020246$/);
    assert.equal(heard.how, 'end');
  });

  test('tell the same', async () => {
    const { skew: _, ...reading } = readingOf(await diagnoseLab({ ...PLAIN, drip: 0.1 }));
    const { skew: __, ...quick } = readingOf(await diagnoseLab(PLAIN));
    assert.deepEqual(reading, quick);
  });
});

describe('bounds', () => {
  test('only loopback: no other address of this machine answers', async () => {
    await withLab({}, async (lab) => {
      const others = Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter(({ address, family }) => family === 'IPv4' && address !== '127.0.0.1');
      for (const host of ['::1', ...others.map(({ address }) => address)]) {
        const outcome = await new Promise((resolve) => {
          const socket = connect({ host, port: lab.port });
          socket.on('error', () => resolve('refused'));
          socket.on('connect', () => {
            socket.destroy();
            resolve(`${host} answers`);
          });
        });
        assert.equal(outcome, 'refused');
      }
      assert.equal(lab.connections, 0);
    });
  });

  test('a connection that says nothing is ended when its time is over', async () => {
    const heard = await withLab({ connectionMillis: 150 }, (lab) => say(lab.port, [], PATIENCE));
    assert.notEqual(heard.how, 'open');
    assert.ok(heard.millis >= 140, `${heard.millis} ms`);
  });

  test('more than 64 connections at once are turned away', async () => {
    const open: Socket[] = [];
    await withLab({}, async (lab) => {
      let ended = 0;
      const sixEnded = new Promise<void>((resolve) => {
        for (let count = 0; count < 70; count += 1) {
          const socket = connect({ host: '127.0.0.1', port: lab.port });
          const end = (): void => {
            socket.destroy();
            ended += 1;
            if (ended === 6) resolve();
          };
          socket.once('end', end).once('error', end).resume();
          open.push(socket);
        }
      });
      await sixEnded;
      // All others are let in: they hear of an answer, and none ends.
      await Promise.all(
        open
          .filter((socket) => !socket.destroyed)
          .map(async (socket) => {
            const answered = once(socket, 'data');
            socket.write(requestOf(3));
            await answered;
          }),
      );
      assert.equal(open.filter((socket) => !socket.destroyed).length, 64);
      for (const socket of open) socket.destroy();
    });
  });

  test('closing ends what is open', async () => {
    const lab = await startLab();
    const heard = say(lab.port, []);
    while (lab.connections === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await lab.close();
    assert.notEqual((await heard).how, 'open');
  });
});

describe('nothing that a peer says is a fault of the lab', () => {
  // `close` rejects when a connection failed in another way than by what the peer did.
  test('random bytes, and a good talk with one byte changed', async () => {
    await withLab({ securityLayer: 'negotiate', nla: false }, async (lab) => {
      const talk = Uint8Array.of(...requestOf(0), ...PUBLISHED_CONNECT_INITIAL);
      const changed = fc
        .tuple(fc.nat(talk.length - 1), fc.integer({ min: 1, max: 255 }))
        .map(([at, bits]) => talk.map((byte, index) => (index === at ? byte ^ bits : byte)));
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 600 }), changed), async (bytes) => {
          await say(lab.port, [bytes], 30);
        }),
        { numRuns: 60 },
      );
    });
  });

  test('random bytes where TLS should begin', async () => {
    await withLab({}, async (lab) => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 6, maxLength: 300 }), async (bytes) => {
          await say(lab.port, [requestOf(3), bytes], 30);
        }),
        { numRuns: 30 },
      );
    });
  });

  test('random bytes where CredSSP should begin, and a damaged TSRequest', async () => {
    // TSRequest of version 6 with an NTLM NEGOTIATE in it.
    const request = fromHex(
      '3037 a003 020106 a130 302e 302c a02a 0428 4e544c4d53535000 01000000 b78208e2 0000000000000000 0000000000000000 0a00000000 00000f'.replaceAll(
        ' ',
        '',
      ),
    );
    const good = await withLab({}, (lab) =>
      sayInsideTls(lab.port, requestOf(3), CONFIRM_LENGTH, [request, Uint8Array.of(0)]),
    );
    assert.ok(
      toHex(good.bytes).includes('4e544c4d5353500002000000'),
      'a CHALLENGE answers the undamaged one',
    );
    await withLab({}, async (lab) => {
      const changed = fc
        .tuple(fc.nat(request.length - 1), fc.integer({ min: 1, max: 255 }))
        .map(([at, bits]) => request.map((byte, index) => (index === at ? byte ^ bits : byte)));
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 80 }), changed), async (bytes) => {
          // A second word follows that is none, so that the lab waits for nothing.
          await sayInsideTls(lab.port, requestOf(3), CONFIRM_LENGTH, [bytes, new Uint8Array(70_000)]);
        }),
        { numRuns: 30 },
      );
    });
  });
});
