import { tryDecode } from '../../bytes/decode-error.ts';
import type { Dialog } from '../dialog.ts';
import { type CreateRequest, type CreateResponse, decodeCreateResponse, encodeCreate } from './create.ts';
import { failed, type SmbFailure, statusFailure } from './failure.ts';
import { SMB2_COMMAND } from './header.ts';
import { askTree, type SmbTree } from './session.ts';

/**
 * CREATE on a share, of a file or of a pipe: one round trip.
 * @param doing what it is for, for the problem: `opening the pipe winreg`
 */
export function* createOn(
  tree: SmbTree,
  doing: string,
  request: CreateRequest,
): Dialog<CreateResponse | SmbFailure> {
  const reply = yield* askTree(tree, {
    what: `CREATE ${request.name}`,
    command: SMB2_COMMAND.CREATE,
    body: encodeCreate(request),
  });
  if (reply.kind === 'failed') return reply;
  const { status } = reply.header;
  if (status !== 0) return statusFailure(status, doing);
  const created = tryDecode(() => decodeCreateResponse(reply.bytes));
  return created.ok
    ? created.value
    : tree.session.connection.breakOff(failed('foreign', created.error.message));
}
