import { createLatencies } from './latencies.js';

it('has nothing to tell before the first', () => {
  expect(createLatencies().measurements()).toEqual([]);
});

it('tells the last thousand by their quantiles', () => {
  const latencies = createLatencies();
  latencies.add(1_000_000);
  for (let i = 1000; i >= 1; i--) latencies.add(i);
  const told = Object.fromEntries(latencies.measurements());
  expect(told).toMatchObject({ Fastest: 1, Highest: 1000, Mean: 501, Median: 501, '99%': 990 });
  expect(Object.keys(told)).toHaveLength(14);
});
