// What an installation must answer; run by `helm test`, and by the chart's own tests against a stand-in.
const base = process.env.URUMI_URL;
const asks = [
  { path: '/readyz', status: 200, what: 'the api reaches Redis' },
  { path: '/', status: 200, holds: '<html', what: 'the dashboard is served' },
  { path: '/api/stores', status: 401, what: 'strangers see no shops' },
  { path: '/admin/queues', status: 401, what: 'strangers see no queue' },
  { path: '/metrics', lacks: '# help', what: 'metrics are not on this port' },
];
let faults = 0;
for (const { path, status, holds = '', lacks, what } of asks) {
  try {
    const answer = await fetch(base + path, { signal: AbortSignal.timeout(10_000), redirect: 'manual' });
    const body = (await answer.text()).toLowerCase();
    const isRight =
      (status === undefined || answer.status === status) &&
      body.includes(holds) &&
      (lacks === undefined || !body.includes(lacks));
    if (!isRight) faults += 1;
    console.log(`${isRight ? 'ok   ' : 'FAULT'} ${what}: ${path} answered ${answer.status}`);
  } catch (error) {
    faults += 1;
    console.log(`FAULT ${what}: ${path} cannot be asked: ${error.cause?.message ?? error.message}`);
  }
}
process.exitCode = faults === 0 ? 0 : 1;
