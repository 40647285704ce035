import assert from 'node:assert/strict';

/** Fails with the faults, a line each: a hundred of a thousand are enough to find the cause. */
export function none(faults) {
  if (faults.length === 0) return;
  const rest = faults.length > 100 ? [`… and ${faults.length - 100} more`] : [];
  assert.fail([`${faults.length} found`, ...faults.slice(0, 100), ...rest].join('\n'));
}
