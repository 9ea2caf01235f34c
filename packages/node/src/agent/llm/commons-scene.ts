import { z } from 'zod'
import type { CommonsSituation } from '../agent.ts'
import {
  describeAct,
  describeLanguage,
  describeNegotiation,
  describeRole,
  type Telling,
} from './commons-words.ts'
import { checkMove, checkRequest, computeActBounds, type Mandate } from './mandate.ts'
import { loadPrompt } from './prompt.ts'
import type { Scene } from './scene.ts'

/** A commons for a model. Without a mandate it is unguarded. */
export function createCommonsScene(
  telling: Telling,
  mandate: Mandate | null,
): Scene<CommonsSituation> {
  return {
    prompts: {
      role: loadPrompt('commons-role.v1'),
      act: loadPrompt('commons-act.v1'),
      negotiate: loadPrompt('commons-negotiate.v1'),
      compile: loadPrompt('commons-compile.v1'),
    },
    actName: 'request',
    actSchema: requestSchema,
    describeRole: (situation) => describeRole(situation, telling),
    describeAct: (situation) =>
      describeAct(situation, telling, computeActBounds(mandate, situation)),
    describeNegotiation: (situation) => describeNegotiation(situation, telling),
    describeLanguage,
    checkAction: (situation, request) =>
      checkRequest(computeActBounds(mandate, situation), request),
    checkMove: (situation, move) => checkMove(mandate, situation, move),
  }
}

const requestSchema: z.ZodType<number, unknown> = z
  .strictObject({
    request: z.int().min(0),
    reason: z.exactOptional(z.string().max(1_000)),
  })
  .transform(({ request }) => request)
