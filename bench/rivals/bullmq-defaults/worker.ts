/** One worker as BullMQ's own documentation starts it: no setting but the connection. Says when a job begins, and holds it. */
import { Worker } from 'bullmq';

const [queue] = process.argv.slice(2);
const url = process.env['REDIS_URL'];
if (url === undefined || queue === undefined) throw new Error('usage: REDIS_URL=... worker.ts QUEUE');
const worker = new Worker(
  queue,
  async () => {
    process.stdout.write('begun\n');
    await new Promise((resolve) => setTimeout(resolve, 3_600_000));
  },
  { connection: { url, maxRetriesPerRequest: null } },
);
worker.on('error', (error) => process.stderr.write(`${error.message}\n`));
await worker.waitUntilReady();
process.stdout.write('ready\n');
