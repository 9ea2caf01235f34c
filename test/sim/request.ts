import type { RunRequest } from '@commonweal/bench/simulator'

/** A request with everything at its default but what is given. */
export function requestOf(changes: Partial<RunRequest> & Pick<RunRequest, 'seed'>): RunRequest {
  return {
    family: 'mixed',
    process: 'consensus',
    nodeCountMin: 4,
    nodeCountMax: 7,
    byzantine: 'below',
    behaviours: [],
    isTiny: false,
    ...changes,
  }
}
