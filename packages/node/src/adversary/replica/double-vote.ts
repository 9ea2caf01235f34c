import { cidOf, encode, seal } from '@commonweal/protocol'
import { type BehaviourTools, messageOf, withStep } from './faulty-process.ts'
import type { Process, ProcessEffect } from './process.ts'

/** Votes twice in each view: beside each `notarize` of its own, one for a block that nobody has seen. */
export function createDoubleVote(process: Process, tools: BehaviourTools): Process {
  const { networkId, signer } = tools
  return withStep(process, (input) =>
    process.step(input).flatMap((effect): readonly ProcessEffect[] => {
      const vote = effect.kind === 'publish' ? messageOf(effect, tools)?.message : undefined
      if (vote?.kind !== 'notarize' || vote.author !== signer.agent) return [effect]
      const block = cidOf(encode(['no block', vote.block]))
      const { envelope } = seal({ ...vote, block }, networkId, signer)
      return [effect, { kind: 'publish', topic: 'consensus', envelope }]
    }),
  )
}
