import type { Verified } from '@commonweal/protocol'
import type { Checker, Failure } from '../../simulator/checker/checker.ts'
import type { Instance } from '../../simulator/engine/instance.ts'

/** Counts what honest replicas put on the wire, each message once, however many receive it. */
export class Traffic implements Checker {
  messages = 0
  bytes = 0

  onReleased(_instance: Instance, { envelope }: Verified): readonly Failure[] {
    this.messages += 1
    this.bytes += envelope.length
    return []
  }
}
