import type { ModelFailureCode } from '@commonweal/node/agent'

/** Whether a server answers at all: what runs share of what they know of it. */
export class Reach {
  #hasAnswered = false

  answered(): void {
    this.#hasAnswered = true
  }

  /**
   * Whether a failure is the operator's to put right, so that no run can be blamed for it: a key that is refused, a cassette of
   * something else, a server that was never there. One that is lost later fails the run that lost it.
   */
  isHalting(code: ModelFailureCode): boolean {
    if (code === 'connection-lost') return !this.#hasAnswered
    return code === 'unauthorized' || code === 'not-recorded'
  }
}
