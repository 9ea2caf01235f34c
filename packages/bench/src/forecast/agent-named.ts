import { hash } from 'node:crypto'
import { type AgentId, agentIdOf } from '@commonweal/protocol'

/** The agent that stands for a forecaster of a data set or a measurement. Nobody holds its key. */
export function agentNamed(name: string): AgentId {
  return agentIdOf(hash('sha256', `commonweal/forecaster/${name}`, 'buffer'))
}
