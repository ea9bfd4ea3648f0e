import type { BrowserContext, Locator, Page } from 'playwright-core'

/** What the dashboard dispatches for every message that it told the agent of. */
const ANNOUNCED = 'foyer:announced'

/** Somebody who answers, at the dashboard, in a browser of their own. */
export class Agent {
  readonly context: BrowserContext
  readonly page: Page
  readonly origin: string

  constructor(context: BrowserContext, page: Page, origin: string) {
    this.context = context
    this.page = page
    this.origin = origin
  }

  /** The same agent, in the same browser, once more. */
  async anotherTab(path = 'inbox/all'): Promise<Agent> {
    const tab = new Agent(this.context, await this.context.newPage(), this.origin)
    await tab.goes(path)
    await tab.seesInbox()
    return tab
  }

  async goes(path: string): Promise<void> {
    await this.page.goto(`${this.origin}/dashboard/${path}`)
  }

  async signsIn(email: string, password: string): Promise<void> {
    await this.goes('sign-in')
    await this.enters('Email', email)
    await this.enters('Password', password)
    await this.clicks('Sign in')
  }

  async signsOut(): Promise<void> {
    await this.page.getByRole('button', { name: 'Your account' }).click()
    await this.page.getByText('Sign out', { exact: true }).click()
    await this.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  }

  /** Fills a field by its label. */
  async enters(label: string, text: string): Promise<void> {
    await this.page.getByLabel(label, { exact: true }).fill(text)
  }

  async clicks(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click()
  }

  async seesHeading(name: string | RegExp): Promise<void> {
    await this.page.getByRole('heading', { name }).first().waitFor()
  }

  async seesText(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor()
  }

  async seesInbox(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).waitFor()
  }

  /** The row of the list whose conversation last said this. */
  row(text: string): Locator {
    return this.page.getByRole('list', { name: 'Conversations' }).getByRole('link').filter({ hasText: text })
  }

  async seesInList(text: string): Promise<void> {
    await this.row(text).first().waitFor()
  }

  async seesGoneFromList(text: string): Promise<void> {
    await this.row(text).first().waitFor({ state: 'detached' })
  }

  /** Opens the conversation whose row shows this text. */
  async opens(text: string): Promise<void> {
    await this.row(text).first().click()
    await this.sees(text)
  }

  async switchesTo(
    view: 'All' | 'Unread' | 'Unresolved' | 'Resolved' | 'Assigned to me' | 'Unassigned',
  ): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: view, exact: true }).click()
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: 'Conversation' })
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^(Reply|Note)$/ })
  }

  /** In the open conversation. */
  async sees(text: string | RegExp): Promise<void> {
    await this.log.getByText(text, { exact: true }).first().waitFor()
  }

  /** Messages and notes of the open conversation, in the order of the screen. */
  async texts(): Promise<string[]> {
    return this.log.locator('[data-ref] p').allInnerTexts()
  }

  /** What the open conversation has of one message: its text, and what stands below it. */
  message(text: string | RegExp): Locator {
    return this.log.locator('[data-ref]').filter({ hasText: text })
  }

  /** Does something to one message by the buttons that appear beside it. */
  async does(button: 'Quote' | 'Edit' | 'Delete', text: string): Promise<void> {
    await this.message(text).hover()
    await this.message(text).getByRole('button', { name: button, exact: true }).click()
  }

  /** Something of the menu of the open conversation. */
  async choosesAction(item: string): Promise<void> {
    await this.clicks('More actions')
    await this.page.getByRole('menuitem', { name: item }).click()
  }

  /** How many messages the row says are unread. */
  async seesUnread(text: string, count: number): Promise<void> {
    const mark = this.row(text).first().getByText(`${count} unread`)
    await mark.waitFor()
  }

  async seesRead(text: string): Promise<void> {
    await this.row(text)
      .first()
      .getByText(/\d unread/)
      .waitFor({ state: 'detached' })
  }

  /** From now on; `announced` answers what came. */
  async listens(): Promise<void> {
    await this.page.evaluate((name) => {
      const heard: string[] = []
      Object.assign(window, { foyerHeard: heard })
      addEventListener(name, (event) => heard.push((event as CustomEvent<{ text: string }>).detail.text))
    }, ANNOUNCED)
  }

  async announced(): Promise<string[]> {
    return this.page.evaluate('foyerHeard')
  }

  async says(text: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Reply', exact: true }).click()
    await this.#writes(text)
  }

  async notes(text: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Note', exact: true }).click()
    await this.#writes(text)
  }

  /** Waits until it is stored: a line on its way says so. */
  async #writes(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
    await this.sees(text)
    await this.log.getByText('Sending…').first().waitFor({ state: 'detached' })
  }

  async assignsTo(name: string): Promise<void> {
    await this.clicks('Assign')
    const dialog = this.page.getByRole('dialog', { name: 'Assign to' })
    await dialog.getByRole('button').filter({ hasText: name }).click()
    await dialog.waitFor({ state: 'detached' })
  }
}
