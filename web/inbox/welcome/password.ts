/** Equal to the API's rule by type: `accounts.ts` itself would bring the validator into the browser. */
export const PASSWORD_MIN: typeof import('../../../core/api/accounts.ts').PASSWORD_MIN = 10

/** What is wrong with a password that one chooses, as a sentence. */
export function passwordFault(password: string): string | undefined {
  return password.length < PASSWORD_MIN ? `Choose a password of at least ${PASSWORD_MIN} characters.` : undefined
}
