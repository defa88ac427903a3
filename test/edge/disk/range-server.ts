// A web server on loopback that answers ranges of one blob, and misbehaves as it is told.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';

export const SIGNATURE = 'c2VjcmV0LXNpZ25hdHVyZS12YWx1ZQ%3D%3D';
/** As it looks when the URL is decoded. */
export const DECODED_SIGNATURE = decodeURIComponent(SIGNATURE);

export interface Asked {
  readonly start: number;
  readonly end: number;
  readonly range: string;
  readonly ifMatch: string | undefined;
  /** Which request of all it is, from 0. */
  readonly count: number;
}

/** Answers one request; `true` hands it to the well-behaved answer. */
export type Answer = (asked: Asked, response: ServerResponse, socket: Socket) => boolean | undefined;

export class RangeServer {
  readonly blob: Uint8Array;
  etag: string | undefined = '"0x8D1"';
  answer: Answer = () => true;
  readonly asked: Asked[] = [];
  /** Requests under way at once, at the most. */
  most = 0;
  #underWay = 0;
  readonly #server = createServer((request, response) => this.#serve(request, response));

  constructor(blob: Uint8Array) {
    this.blob = blob;
  }

  /** Starts it and gives the URL of its blob, with a SAS that is valid until `se`. */
  async start(t: TestContext, se = '2099-01-01T00:00:00Z'): Promise<URL> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    t.after(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
    const { port } = this.#server.address() as AddressInfo;
    return new URL(
      `http://127.0.0.1:${port}/vhds/os%20disk.vhd?sv=2024-11-04&sr=b&sp=r&se=${se}&sig=${SIGNATURE}`,
    );
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const range = request.headers.range ?? '';
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    const asked: Asked = {
      start: Number(start),
      end: Number(end),
      range,
      ifMatch: request.headers['if-match'],
      count: this.asked.length,
    };
    this.asked.push(asked);
    this.#underWay += 1;
    this.most = Math.max(this.most, this.#underWay);
    response.on('close', () => {
      this.#underWay -= 1;
    });
    if (this.answer(asked, response, request.socket) === true) this.serveWell(asked, response);
  }

  /** 206 with what was asked for, or 412 and 416 where they belong. */
  serveWell({ start, end, ifMatch }: Asked, response: ServerResponse): void {
    if (ifMatch !== undefined && ifMatch !== this.etag) {
      response.writeHead(412).end();
      return;
    }
    if (start >= this.blob.length) {
      response.writeHead(416, { 'content-range': `bytes */${this.blob.length}` }).end();
      return;
    }
    const last = Math.min(end, this.blob.length - 1);
    response
      .writeHead(206, {
        'content-range': `bytes ${start}-${last}/${this.blob.length}`,
        'content-length': last - start + 1,
        ...(this.etag === undefined ? {} : { etag: this.etag }),
      })
      .end(this.blob.subarray(start, last + 1));
  }
}
