// The ends of the ranges of revisions and positions.
export const MAX_LONG = '9223372036854775807';
export const BEYOND_LONG = '9223372036854775808';
export const MAX_ULONG = '18446744073709551615';
