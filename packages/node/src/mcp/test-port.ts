import { present } from '@commonweal/protocol'
import type { Agent } from '../agent/agent.ts'
import { createAssistantAgent } from '../agent/assistant/assistant-agent.ts'
import {
  type AssistantConfigFile,
  assistantConfigSchema,
} from '../agent/assistant/assistant-config.ts'
import { createAgent } from '../agent/create-agent.ts'
import { knownDraws } from '../agent/game/draw.ts'
import { TestClock } from '../agent/llm/test-clock.ts'
import { situationOf } from '../agent/llm/test-situation.ts'
import { prosocialityOfLambda } from '../agent/prosocial.ts'
import { UTILITY } from '../agent/utility/policy.ts'
import type { AssistantPort } from './assistant-port.ts'

/** An agent that an assistant decides for, in this process. */
export function createTestPort(config: AssistantConfigFile = {}): {
  readonly agent: Agent
  readonly clock: TestClock
  readonly port: AssistantPort
} {
  const weight = prosocialityOfLambda(0.6)
  if (!weight.ok) throw new TypeError(weight.error.code)
  const prosociality = weight.value
  const clock = new TestClock()
  const agent = createAssistantAgent(assistantConfigSchema.parse(config), {
    prosociality,
    clock,
    signal: new AbortController().signal,
    answerMs: 60_000,
    policy: createAgent({ policy: UTILITY, prosociality, derive: knownDraws('test') }),
  })
  const seat = present(agent.assistant, 'it has a seat')
  const words = seat.describe(situationOf())
  const look: AssistantPort['look'] = async () => ({
    agent: 'an-agent',
    epoch: 1,
    phase: 'seal',
    ...seat.view(),
    situations: [{ subnet: 'commons', words }],
  })
  return {
    agent,
    clock,
    port: {
      look,
      async wait(seconds) {
        await seat.wait(seconds * 1_000)
        return look()
      },
      answer: (question, reply) => seat.answer(question, reply),
    },
  }
}
