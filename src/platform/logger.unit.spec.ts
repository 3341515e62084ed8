import { pino } from 'pino';
import { nestLogger, withoutContext } from './logger.js';

function captured(level = 'trace'): { lines: () => unknown[]; logger: pino.Logger } {
  const written: string[] = [];
  const logger = pino({ level, base: null, timestamp: false }, { write: (l) => written.push(l) });
  return { logger, lines: () => written.map((line) => JSON.parse(line) as unknown) };
}

describe('the log of Nest', () => {
  it('keeps the context, and the level', () => {
    const { logger, lines } = captured();
    const log = nestLogger(logger);
    log.log('started', 'Router');
    log.warn('slow', 'Router');
    log.verbose?.({ a: 1 }, 'Router');
    expect(lines()).toEqual([
      { level: 30, context: 'Router', msg: 'started' },
      { level: 40, context: 'Router', msg: 'slow' },
      { level: 10, context: 'Router', msg: '{"a":1}' },
    ]);
  });

  it('keeps the stack of an error', () => {
    const { logger, lines } = captured();
    nestLogger(logger).error(new Error('broken'), undefined, 'Router');
    expect(lines()).toEqual([
      expect.objectContaining({
        level: 50,
        context: 'Router',
        msg: 'broken',
        err: expect.objectContaining({ stack: expect.any(String) as string }) as object,
      }),
    ]);
  });
});

describe('an error in the log', () => {
  it('is what went wrong, where and why, without what the library hung on it', () => {
    const cause = new Error('the server is gone');
    const error = Object.assign(new TypeError('lost', { cause }), {
      code: '57P01',
      client: { secretKey: 4711 },
    });
    const logged = withoutContext(error) as Record<string, string>;
    expect(Object.keys(logged).sort()).toEqual(['code', 'message', 'stack', 'type']);
    expect(logged).toMatchObject({ type: 'TypeError', code: '57P01' });
    expect(logged['message']).toContain('lost');
    expect(logged['stack']).toContain('the server is gone');
  });

  it('is a text when somebody threw one', () => {
    expect(withoutContext('no')).toBe('no');
  });
});
