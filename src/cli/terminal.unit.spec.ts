import { createTerminal } from './terminal.js';

const written = { out: '', err: '' };

beforeEach(() => {
  Object.defineProperty(process.stderr, 'isTTY', { value: false, configurable: true });
  Object.assign(written, { out: '', err: '' });
  for (const [stream, key] of [
    [process.stdout, 'out'],
    [process.stderr, 'err'],
  ] as const) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      written[key] += text.toString();
      return true;
    });
  }
});

afterEach(() => jest.restoreAllMocks());

describe('the terminal', () => {
  it('keeps results apart from what is said about them', () => {
    const terminal = createTerminal({ json: false });
    terminal.say('working');
    terminal.complain('trouble');
    terminal.result({ count: 3 }, 'three of them');
    expect(written).toEqual({ out: 'three of them\n', err: 'working\ntrouble\n' });
  });

  it('writes one JSON value, and nothing about progress, when asked for JSON', () => {
    const terminal = createTerminal({ json: true });
    terminal.say('working');
    terminal.progress('load', 10).update(10);
    terminal.result({ count: 3 }, 'three of them');
    expect(written).toEqual({ out: '{"count":3}\n', err: '' });
  });

  it('shows progress as a line for every tenth where there is no screen', () => {
    const progress = createTerminal({ json: false }).progress('load', 200);
    for (let done = 0; done <= 200; done += 1) progress.update(done);
    progress.stop();
    const lines = written.err.trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('load 10% (20/200)');
    expect(lines[9]).toBe('load 100% (200/200)');
  });

  it('takes a piece of work without any steps as done', () => {
    createTerminal({ json: false }).progress('load', 0).update(0);
    expect(written.err).toBe('load 100% (0/0)\n');
  });

  it('tells how fast it goes when it knows what is counted', () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    const events = { unit: 'events', isEstimate: true };
    const progress = createTerminal({ json: false }).progress('load', 1_000_000, events);
    progress.update(250_000);
    clock.mockReturnValue(2_000);
    progress.update(500_000);
    clock.mockReturnValue(4_000);
    progress.update(1_100_000, 1_100_000);
    expect(written.err.trimEnd().split('\n')).toEqual([
      'load 25% (250,000 of about 1,000,000 events)',
      'load 50% (500,000 of about 1,000,000 events, 125,000 events/s, 4 s left)',
      'load 100% (1,100,000 of about 1,100,000 events, 212,500 events/s)',
    ]);
  });
});
