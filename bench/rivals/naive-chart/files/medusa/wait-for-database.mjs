// The usual loop of an init container: a connection every second until one is taken.
import net from 'node:net';

for (;;) {
  const isThere = await new Promise((resolve) => {
    const socket = net.connect(5432, process.env.DATABASE_HOST);
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  });
  if (isThere) process.exit(0);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}
