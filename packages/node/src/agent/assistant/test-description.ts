import type { Situation } from '../agent.ts'
import { createAgent } from '../create-agent.ts'
import { knownDraws } from '../game/draw.ts'
import { TestClock } from '../llm/test-clock.ts'
import { prosocialityOfLambda } from '../prosocial.ts'
import { createAssistantAgent } from './assistant-agent.ts'
import { assistantConfigSchema } from './assistant-config.ts'

/** What an assistant is shown of a situation while nothing is asked, without the horizon. */
export function describeToAssistant(lambda: number, situation: Situation): string {
  const weight = prosocialityOfLambda(lambda)
  if (!weight.ok) throw new TypeError(weight.error.code)
  const prosociality = weight.value
  const derive = knownDraws('test')
  const policy = createAgent({ policy: { name: 'greedy' }, prosociality, derive })
  const { assistant } = createAssistantAgent(
    assistantConfigSchema.parse({ showsHorizon: false, memoryTokensMax: 200 }),
    { prosociality, policy, clock: new TestClock(), signal: AbortSignal.abort(), answerMs: 1 },
  )
  return assistant?.describe(situation) ?? ''
}
