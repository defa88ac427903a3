// A status that the server stated points to causes, unless the row of it is a guess.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findStatus, pointedAtByServer } from '../../../src/core/engine/server-status.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { none, seen, unseen } from '../causes/evidence.ts';

const logon = (status: number): Evidence => ({ 'nla.logon': seen({ status, name: 'X' }) });
const refusal = (status?: number): Evidence => ({
  'ntlm.refusal': seen({ name: 'X', ...(status === undefined ? {} : { status }) }),
});

const ROWS: readonly (readonly [name: string, evidence: Evidence, causes: readonly string[]])[] = [
  ['a status of the attempt', logon(0xc0000133), ['clock-skew']],
  ['a status with which NTLM was refused', refusal(0xc0000133), ['clock-skew']],
  ['both', { ...logon(0xc0000133), ...refusal(0xc000015b) }, ['clock-skew', 'user-right-missing']],
  ['success', logon(0), []],
  ['a status that no table knows', logon(0xc0ffee01), []],
  ['a refusal without a status', refusal(), []],
  ['nothing', {}, []],
  ['nothing was seen', { 'nla.logon': unseen(), 'ntlm.refusal': none() }, []],
];
for (const [name, evidence, causes] of ROWS) {
  test(`pointed at by the server: ${name}: ${causes.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(pointedAtByServer(evidence), causes);
  });
}

test('NTSTATUS and SECURITY_STATUS are both known', () => {
  assert.equal(findStatus(0xc000006d)?.name, 'STATUS_LOGON_FAILURE');
  assert.equal(findStatus(0x80090302)?.name, 'SEC_E_UNSUPPORTED_FUNCTION');
  assert.equal(findStatus(0xc0ffee01), undefined);
});
