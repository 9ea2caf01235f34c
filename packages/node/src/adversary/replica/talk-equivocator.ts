import { seal } from '@commonweal/protocol'
import { type BehaviourTools, messageOf, withStep } from './faulty-process.ts'
import type { Process, ProcessEffect } from './process.ts'

/** Says something else beside each word of its own in a negotiation, under the same number. */
export function createTalkEquivocator(process: Process, tools: BehaviourTools): Process {
  const { networkId, signer } = tools
  return withStep(process, (input) =>
    process.step(input).flatMap((effect): readonly ProcessEffect[] => {
      const said = effect.kind === 'publish' ? messageOf(effect, tools)?.message : undefined
      if (said === undefined || !('conversation' in said && 'sequence' in said)) return [effect]
      const { conversation, sequence } = said
      const author = signer.agent
      const other = { kind: 'inform', author, conversation, sequence, text: 'otherwise' } as const
      const { envelope } = seal(other, networkId, signer)
      return [effect, { kind: 'publish', topic: 'negotiation', envelope }]
    }),
  )
}
