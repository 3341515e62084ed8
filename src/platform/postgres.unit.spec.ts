import { pino } from 'pino';
import { createPool } from './postgres.js';

describe('the pool', () => {
  it('says that an idle connection was lost, and nothing of the connection itself', async () => {
    const written: string[] = [];
    const logger = pino({ base: null, timestamp: false }, { write: (line) => written.push(line) });
    const databaseUrl = 'postgres://nobody:nothing@127.0.0.1:1/nowhere';
    const pool = createPool({ databaseUrl, applicationName: 'test', logger });
    const client = { secretKey: 4711, password: 'nothing' };
    const lost = Object.assign(new Error('the server is gone'), { code: '57P01', client });
    pool.emit('error', lost, client);
    await pool.end();
    expect(written.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        level: 40,
        reason: 'the server is gone',
        code: '57P01',
        msg: 'lost an idle connection to Postgres',
      },
    ]);
  });
});
