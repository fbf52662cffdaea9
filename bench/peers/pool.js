// Measures Node's workerpool with worker processes; prints a name and a value a line. The argument is the rounds.
'use strict';
const workerpool = require('workerpool');

const rounds = Number(process.argv[2]);
const task = (i, x) => i + Math.trunc(x);
const now = () => Number(process.hrtime.bigint());

function median(values) {
  values.sort((a, b) => a - b);
  return values[values.length >> 1];
}

const newPool = () => workerpool.pool({ workerType: 'process', minWorkers: 2, maxWorkers: 2 });

async function start() {
  const begin = now();
  const pool = newPool();
  await pool.exec(task, [1, 0.5]);
  const millis = (now() - begin) / 1e6;
  await pool.terminate(true);
  return millis;
}

async function rate(pool, items) {
  const begin = now();
  const results = [];
  for (let i = 0; i < items; i++) {
    results.push(pool.exec(task, [i, 0.5]));
  }
  await Promise.all(results);
  return items / ((now() - begin) / 1e9);
}

async function main() {
  console.log('version ' + require('workerpool/package.json').version + ', Node ' + process.versions.node);
  const starts = [];
  for (let i = 0; i < 2 * rounds + 1; i++) {
    starts.push(await start());
  }
  console.log('start ' + median(starts));
  const pool = newPool();
  await rate(pool, 5000);
  const rates = [];
  for (let i = 0; i < rounds; i++) {
    rates.push(await rate(pool, 20000));
  }
  console.log('chunk 1 ' + median(rates));
  const trips = [];
  for (let i = 0; i < 2000; i++) {
    const begin = now();
    await pool.exec(task, [1, 0.5]);
    trips.push((now() - begin) / 1e3);
  }
  console.log('trip ' + median(trips));
  await pool.terminate(true);
}

main();
