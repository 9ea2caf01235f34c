import {
  type AgentId,
  present,
  seal,
  TOKEN_MICRO,
  type TransactionBody,
} from '@commonweal/protocol'
import { type BehaviourTools, messageOf, othersOf, withStep } from './faulty-process.ts'
import type { Process, ProcessEffect } from './process.ts'

/** Once an epoch spends one nonce twice: half of the others hear of one transfer, half of another. */
export function createDoubleSpender(process: Process, tools: BehaviourTools): Process {
  const others = othersOf(tools)
  let spentEpoch = 0
  return withStep(process, (input) => {
    const effects = process.step(input)
    const { epoch } = process.inspect()
    if (epoch <= spentEpoch || others.length < 2 || input.kind !== 'message') return effects
    spentEpoch = epoch
    const body = transferTo(others[0])
    const command = { kind: 'submit', body, tag: null } as const
    const spent = process.step({ kind: 'command', command, nowMs: input.nowMs })
    return [...effects, ...spent.flatMap((effect) => tellTwoStories(effect, others, tools))]
  })
}

function tellTwoStories(
  effect: ProcessEffect,
  others: readonly AgentId[],
  tools: BehaviourTools,
): readonly ProcessEffect[] {
  const { networkId, signer } = tools
  const told = effect.kind === 'publish' ? messageOf(effect, tools)?.message : undefined
  if (effect.kind !== 'publish' || told?.kind !== 'transfer') return [effect]
  const twin = seal({ ...told, ...transferTo(others[1]) }, networkId, signer)
  return others.map((to, index) => {
    const envelope = index % 2 === 0 ? effect.envelope : twin.envelope
    return { kind: 'send', to, frame: { kind: 'envelope', envelope } }
  })
}

function transferTo(
  agent: AgentId | undefined,
): Extract<TransactionBody, { readonly kind: 'transfer' }> {
  const to = present(agent, 'there are two others at least')
  return { kind: 'transfer', to, amountMicro: TOKEN_MICRO }
}
