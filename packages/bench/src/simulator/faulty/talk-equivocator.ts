import { present, seal } from '@commonweal/protocol'
import type { Process, ProcessEffect } from '../process.ts'
import { type BehaviourTools, messageOf, withStep } from './wrap.ts'

/** Says something else beside each word of its own in a negotiation, under the same number. */
export function createTalkEquivocator(process: Process, tools: BehaviourTools): Process {
  const { network, options } = tools
  const signer = present(network.signers[options.agent], 'a process has a key')
  return withStep(process, (input) =>
    process.step(input).flatMap((effect): readonly ProcessEffect[] => {
      const said = effect.kind === 'publish' ? messageOf(effect, tools)?.message : undefined
      if (said === undefined || !('conversation' in said && 'sequence' in said)) return [effect]
      const { conversation, sequence } = said
      const author = signer.agent
      const other = { kind: 'inform', author, conversation, sequence, text: 'otherwise' } as const
      const { envelope } = seal(other, network.networkId, signer)
      return [effect, { kind: 'publish', topic: 'negotiation', envelope }]
    }),
  )
}
