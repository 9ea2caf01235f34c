import { writeFileSync } from 'node:fs'
import { createExampleQuestions, EXAMPLE_QUESTION_COUNT } from './example-questions.ts'

/** Writes the example anew, where it changed. */
for (const [name, text] of Object.entries(createExampleQuestions(EXAMPLE_QUESTION_COUNT))) {
  writeFileSync(new URL(`../../data/example-questions/${name}.csv`, import.meta.url), text)
}
