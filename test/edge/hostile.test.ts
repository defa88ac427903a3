// Whatever answers on the port, up to where TLS begins: the run ends in its time, says in a sentence
// what it met, and has the right exit status.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromHex } from '../../src/core/bytes/hex.ts';
import { concat } from '../../src/core/bytes/writer.ts';
import { checkHost, checkPort, SHORT } from './check-host.ts';
import {
  answers,
  type Behaviour,
  confirm,
  drips,
  fails,
  floods,
  greets,
  hangsUp,
  isSilent,
  listener,
  refusedPort,
  selects,
  serve,
} from './hostile-servers.ts';

const nothing = new Uint8Array(0);
const zeros = new Uint8Array(65_536);
const hex = (text: string): Uint8Array => fromHex(text.replaceAll(' ', ''));

describe('no way in', { concurrency: 6 }, () => {
  test('a port on which nobody listens', async () => {
    await checkPort(await refusedPort(), {
      status: 1,
      failed: 'reach',
      says: '127.0.0.1 refuses the connection',
    });
  });

  test('a port whose accept queue is full', async (t) => {
    // Its event loop stands still, so the kernel alone takes connections, and drops what it cannot queue.
    const program = `const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:fs').writeSync(1, String(server.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000);
    });`;
    const child = spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    const [printed] = await once(child.stdout, 'data');
    const port = Number(String(printed));
    const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    t.after(() => fillers.forEach((filler) => void filler.destroy()));
    await sleep(300);
    await checkPort(port, { status: 1, failed: 'reach', says: '127.0.0.1 does not answer', seconds: SHORT });
  });

  test('a listener that is gone after the first connection', async (t) => {
    const behave = listener();
    const server = await serve((socket, nth) => {
      server.refuse();
      behave(socket, nth);
    });
    t.after(() => server.close());
    await checkPort(server.port, { status: 3, says: 'No cause was found, but nothing beyond' });
    await server.idle();
  });
});

/** What OpenSSL's servers say to a request that is no ClientHello. */
const protocolVersionAlert = hex('15 0303 0002 02 46');

describe('other services', { concurrency: 6 }, () => {
  const other = { status: 1, failed: 'reach' } as const;
  const http = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html>';
  const noRdp = 'does not speak RDP: another protocol (';
  checkHost('a web server', answers(http, 'end'), {
    ...other,
    says: 'a web server (HTTP/1.1 400 Bad Request)',
  });
  checkHost('an SSH server', greets('SSH-2.0-OpenSSH_9.2p1\r\n'), {
    ...other,
    says: 'an SSH server (SSH-2.0-OpenSSH_9.2p1)',
  });
  checkHost('a VNC server', greets('RFB 003.008\n'), { ...other, says: 'a VNC server (RFB 003.008)' });
  checkHost('a TLS server without Remote Desktop', answers(protocolVersionAlert, 'end'), {
    ...other,
    says: 'a server that speaks TLS from the first byte',
  });
  checkHost('a banner of escape sequences', greets('\x1b[2J\x1b]0;pwned\x07\x9b31m\r\n'), {
    ...other,
    says: noRdp,
  });
  checkHost('zeros without end', floods(nothing, zeros), { ...other, says: noRdp });
  checkHost('a banner without end', floods(nothing, zeros.slice().fill(0x41)), {
    ...other,
    says: `${noRdp}AAAA`,
  });
  checkHost('a byte a second', drips(hex('4142434445'), 1_000), { ...other, says: noRdp, seconds: 3 });
});

describe('a listener that hardly answers', { concurrency: 6 }, () => {
  const stopped = { status: 1, failed: 'negotiate' } as const;
  const silent = { ...stopped, says: 'accepts the connection and says nothing', seconds: SHORT };
  const hangsUpSays = { ...stopped, says: 'closes every one without an answer' };
  checkHost('silence', isSilent, silent);
  checkHost('a confirm at a byte a second', drips(selects(0), 1_000), silent);
  checkHost('an end at once', hangsUp('end'), hangsUpSays);
  checkHost('a reset at once', hangsUp('reset'), { ...stopped, says: 'resets every one (TCP RST)' });
  checkHost('an end after the request', answers(nothing, 'end'), hangsUpSays);
  checkHost('one good answer and none after', onlyFirst(listener()), {
    status: 3,
    says: 'No cause was found, but nothing beyond',
  });
  checkHost('an answer that differs each time', differs, {
    status: 1,
    says: 'There seem to be different machines behind this address',
  });
});

describe('confirms', { concurrency: 6 }, () => {
  const noRdp = { status: 1, failed: 'reach', says: 'What answers on the port does not speak RDP' } as const;
  const refused = { status: 3, failed: 'negotiate' } as const;
  const always = (packet: Uint8Array): Behaviour => listener({ confirm: () => packet });
  checkHost('in single bytes, and then silence', drips(selects(0), 10), {
    status: 3,
    says: 'standard RDP security and then sent nothing in time',
    seconds: 4,
  });
  checkHost('two at once', answers(concat(selects(0), selects(0))), {
    status: 3,
    failed: 'session',
    says: 'gave no security data',
  });
  checkHost('and then an end', answers(confirm(), 'end'), {
    status: 3,
    failed: 'session',
    says: 'closed the connection',
  });
  checkHost('of a protocol that is none', always(selects(11)), {
    ...refused,
    says: 'selects 11, which was not offered',
  });
  checkHost('of a protocol that nobody asked for', always(selects(4)), {
    ...refused,
    says: 'selects 4, which was not offered',
  });
  checkHost('of the largest number', always(selects(0xffffffff)), {
    ...refused,
    says: 'selects 4294967295, which was not offered',
  });
  checkHost('with a failure that is none', always(fails(0xffffffff)), {
    ...refused,
    says: 'every offer is refused (failure 4294967295)',
  });
  for (const [name, bytes] of [
    ['a TPKT of 0 bytes', '03000000'],
    ['a TPKT of 3 bytes', '03000003'],
    ['a TPKT of 65,535 bytes', '0300ffff'],
    ['an X.224 length beyond the TPKT', '03000013 0f d0 0000 1234 00 0200080001000000'],
    ['an X.224 length within the TPKT', '03000013 0d d0 0000 1234 00 0200080001000000'],
    ['an X.224 length of 255', '03000013 ff d0 0000 1234 00 0200080001000000'],
    ['negotiation data of 9 bytes', '03000013 0e d0 0000 1234 00 0200090001000000'],
    ['negotiation data of an unknown type', '03000013 0e d0 0000 1234 00 0900080001000000'],
    ['a request for a confirm', '0300000b 06 e0 0000 1234 00'],
  ] as const) {
    checkHost(name, answers(hex(bytes), 'end'), noRdp);
  }
  // A server of Remote Desktop that says goodbye: it closed the connection, nothing else speaks there.
  checkHost('a disconnect for a confirm', answers(hex('0300000b 06 80 0000 1234 00'), 'end'), {
    status: 1,
    failed: 'negotiate',
    says: 'The listener hangs up before it negotiates',
  });
});

describe('security data', { concurrency: 6 }, () => {
  const only = (response: string): Behaviour =>
    listener({ confirm: () => selects(0), connectResponse: (socket) => void socket.write(hex(response)) });
  const unusable = { status: 3, failed: 'session', says: 'gave no security data' } as const;
  checkHost('of 2 GB by its BER length', only('03000010 02f080 7f66 84 7fffffff 0a01'), unusable);
  checkHost('of 2^64 bytes by its BER length', only('03000013 02f080 7f66 88 ffffffffffffffff 0a'), unusable);
  checkHost(
    'with user data beyond the packet',
    only('03000018 02f080 7f66 0f 0a0100 020100 3000 0484 7fffffff'),
    unusable,
  );
  checkHost('refused', only('0300000d 02f080 7f66 03 0a0102'), {
    status: 3,
    failed: 'session',
    says: 'received the MCS result',
  });
});

function onlyFirst(behaviour: Behaviour): Behaviour {
  return (socket, nth) => (nth === 1 ? behaviour(socket, nth) : hangsUp('end')(socket, nth));
}

/** Another of these for each connection. */
function differs(...[socket, nth]: Parameters<Behaviour>): void {
  const moods = [
    listener(),
    greets('RFB 003.008\n'),
    hangsUp('reset'),
    answers(fails(2)),
    answers(selects(255)),
    answers(zeros),
  ];
  moods[(nth - 1) % moods.length]?.(socket, nth);
}
