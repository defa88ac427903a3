import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../../../../src/core/bytes/hex.ts';
import type { RpcOperation } from '../../../../src/core/protocol/rpc/operation.ts';
import { checkManners } from '../../decoder-manners.ts';

/** Bytes 01 to 14: a context handle that is easy to see. */
export const HANDLE = Uint8Array.from({ length: 20 }, (_, index) => index + 1);

export const bytesOf = (commented: string): Uint8Array => fromHex(commented.replace(/--.*$/gm, ''));

/** A request is written exactly so. */
export function checkRequest<Request>(
  operation: RpcOperation<Request, unknown>,
  opnum: number,
  request: Request,
  expected: string,
): void {
  test(`${operation.name}: the request`, () => {
    assert.equal(operation.opnum, opnum);
    assert.equal(toHex(operation.encode(request)), toHex(bytesOf(expected)));
  });
}

/** Replies are read exactly so, and the decoder behaves with every damaged one. */
export function checkReplies<Response>(
  operation: RpcOperation<never, Response>,
  rows: readonly (readonly [name: string, reply: string, expected: Response])[],
): void {
  for (const [name, reply, expected] of rows) {
    test(`${operation.name}: ${name}`, () => assert.deepEqual(operation.decode(bytesOf(reply)), expected));
  }
  checkManners(
    operation.name,
    operation.decode,
    rows.map(([, reply]) => bytesOf(reply)),
  );
}
