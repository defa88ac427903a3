import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTarget } from '../../src/edge/cli/target.ts';
import { UsageError } from '../../src/edge/cli/usage-error.ts';

function check(text: string, host: string, port = 3389): void {
  test(`${JSON.stringify(text)} is ${host} port ${port}`, () => {
    assert.deepEqual(parseTarget(text), { host, port });
  });
}

function checkRefused(text: string, says: string): void {
  test(`${JSON.stringify(text)} is refused`, () => {
    assert.throws(
      () => parseTarget(text),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.ok(error.message.includes(says), error.message);
        return true;
      },
    );
  });
}

check('vm1', 'vm1');
check('vm1.corp.example', 'vm1.corp.example');
check('vm1.corp.example.', 'vm1.corp.example.');
check('VM1:3390', 'vm1', 3390);
check(' vm1 ', 'vm1');
check('vm_1', 'vm_1');
check('vm1:1', 'vm1', 1);
check('vm1:65535', 'vm1', 65_535);
check('vm1:03389', 'vm1', 3389);
check('10.0.0.4', '10.0.0.4');
check('10.0.0.4:3390', '10.0.0.4', 3390);
check('::1', '::1');
check('[::1]', '::1');
check('[::1]:3390', '::1', 3390);
check('[fe80::1%eth0]:3390', 'fe80::1%eth0', 3390);
check('2001:db8::10', '2001:db8::10');
check('2001:db8:1:2:3:4:5:3389', '2001:db8:1:2:3:4:5:3389');
check('[2001:db8::3389]', '2001:db8::3389');
check('münchen.example', 'xn--mnchen-3ya.example');

const port = 'expected a number from 1 to 65535';
checkRefused('vm1:0', port);
checkRefused('vm1:65536', port);
checkRefused('vm1:', port);
checkRefused('vm1:-1', port);
checkRefused('vm1:3389x', port);
checkRefused('vm1:1e3', port);
checkRefused('vm1: 3389', port);
checkRefused('[::1]:', port);
checkRefused('[::1]:99999', port);
checkRefused('::1:3389', 'write [::1]:3389 or [::1:3389]');
checkRefused('2001:db8::10:8443', 'write [2001:db8::10]:8443 or [2001:db8::10:8443]');
checkRefused('vm1:3389:1', 'write [ADDRESS]:PORT for IPv6');
checkRefused('[::1', 'write [ADDRESS]:PORT for IPv6');
checkRefused('[vm1]:3389', 'is not an IPv6 address');
checkRefused('[]', 'is not an IPv6 address');
checkRefused('[::1]3389', 'IPv6');
checkRefused('https://vm1', 'is a URL');
checkRefused('rdp://vm1:3389/', 'is a URL');
checkRefused('', 'is not a host');
checkRefused('   ', 'is not a host');
checkRefused(':3389', 'is not a host');
checkRefused('vm 1', 'is not a host');
checkRefused('vm1/x', 'is not a host');
checkRefused('alice@vm1', 'does not belong in front of the host');
checkRefused('-rf', 'is not a host');
checkRefused('vm1-', 'is not a host');
checkRefused('😀', 'is not a host');
checkRefused('vm1\0', 'is not a host');
checkRefused('a'.repeat(300), 'is not a host');
checkRefused('\u{323b0}', 'is not a valid DNS name');
checkRefused('\u{1d49c}', 'is not a valid DNS name');
// After mapping they would be another host than the one that was typed.
checkRefused('①.1', 'is not a host');
checkRefused('１２７.0.0.1', 'in the usual form');
checkRefused('１２７．0．0．1', 'is not a host');
checkRefused('0x7f000001', 'in the usual form');
checkRefused('0x7f.1', 'in the usual form');
checkRefused('0X7F.0.0.1', 'in the usual form');
checkRefused('0x', 'in the usual form');
checkRefused('0x7f.1.', 'in the usual form');
checkRefused('127.1', 'is not an IPv4 address');
checkRefused('0177.0.0.1', 'is not an IPv4 address');
checkRefused('2130706433', 'is not an IPv4 address');
checkRefused('a..b', 'it has two dots with nothing between them');
checkRefused('vm1..', 'is not a host');
checkRefused('.vm1', 'is not a host');
checkRefused('vm1。corp', 'is not a host');
checkRefused('vm1．corp', 'is not a host');
checkRefused('vm\u200b1', 'is not a host');
checkRefused('vm\u200d1', 'is not a host');
checkRefused('vm\u00ad1', 'is not a host');
checkRefused('vm1\u2060', 'is not a host');
checkRefused(`${'a'.repeat(64)}.example`, 'is not a valid DNS name');
checkRefused('a-.b', 'is not a valid DNS name');
checkRefused(`${'ü'.repeat(60)}.example`, 'is not a valid DNS name');
checkRefused(`${'a.'.repeat(127)}a`, 'is not a host');
check('ｖｍ１', 'vm1');
check('vm_1.é', 'vm_1.xn--9ca');
check('हिन्दी.example', 'xn--j2bd4cyah0f.example');
check('\u{20bb7}.example', 'xn--7l3i.example');
check('0x7g.example', '0x7g.example');
check('vm1.123', 'vm1.123');
check(`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`);
checkRefused('300.1.2.3', 'is not an IPv4 address');
checkRefused('10.0.0', 'is not an IPv4 address');
checkRefused('3389', 'is not an IPv4 address');

test('any text is a target or a sentence', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z0-9.:[\]%-]{0,20}$/)),
      (text) => {
        try {
          const target = parseTarget(text);
          assert.match(target.host, /^[\x21-\x7e]+$/);
          assert.ok(Number.isInteger(target.port) && target.port >= 1 && target.port <= 65_535);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
