/** How long a condition may take on a busy machine before a test fails. */
export const PATIENCE_MS = 60_000

const LOOK_MS = 50

/** Looks again and again until the condition holds; fails with its name where it never does. */
export async function until(
  name: string,
  condition: () => boolean | Promise<boolean>,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const deadlineMs = performance.now() + patienceMs
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${patienceMs} ms: ${name}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}
