/**
 * The supervisor's control socket: a client sends one request as a JSON line and, to follow, receives the whole state
 * as a line at once and after every change.
 */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

import { onLines } from '../base/lines.ts';
import type { ClusterState, ControlRequest } from './state.ts';

export class ControlServer {
  private readonly followers = new Set<Socket>();
  private readonly server: Server;
  private readonly read: () => ClusterState;

  constructor(read: () => ClusterState, onStop: () => void) {
    this.read = read;
    this.server = createServer((socket) => {
      socket.on('error', () => this.followers.delete(socket));
      socket.on('close', () => this.followers.delete(socket));
      onLines(socket, (line) => {
        const request = JSON.parse(line) as ControlRequest;
        this.followers.add(socket);
        socket.write(`${JSON.stringify(this.read())}\n`);
        if (request.op === 'stop') onStop();
      });
    });
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(path, resolve);
    });
  }

  publish(): void {
    const line = `${JSON.stringify(this.read())}\n`;
    for (const socket of this.followers) socket.write(line);
  }
}

/**
 * Sends a request and calls `onState` for every state that comes back.
 *
 * @returns when `onState` returns true, or when the supervisor has gone
 * @throws Error when nobody listens, the abort reason when `signal` aborts
 */
export function converse(input: {
  socket: string;
  request: ControlRequest;
  onState: (state: ClusterState) => boolean;
  signal?: AbortSignal | undefined;
}): Promise<'done' | 'gone'> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(input.socket);
    const abort = () => {
      socket.destroy();
      reject(input.signal?.reason);
    };
    const finish = (end: () => void) => {
      input.signal?.removeEventListener('abort', abort);
      socket.destroy();
      end();
    };
    if (input.signal?.aborted === true) {
      abort();
      return;
    }
    input.signal?.addEventListener('abort', abort, { once: true });
    socket.once('error', (error) => finish(() => reject(error)));
    socket.once('connect', () => socket.write(`${JSON.stringify(input.request)}\n`));
    socket.once('close', () => finish(() => resolve('gone')));
    onLines(socket, (line) => {
      if (input.onState(JSON.parse(line) as ClusterState)) finish(() => resolve('done'));
    });
  });
}
