import type { BrowserContext, Frame, Page } from 'playwright-core'
import { until } from './product.ts'

/** The launcher stands here, from the corner of the window: 20 px off its edges, 56 px wide. */
const LAUNCHER_PX = 48

/** Somebody on a website with the chat on it, in a browser of their own. */
export class Visitor {
  readonly context: BrowserContext
  readonly website: string
  page: Page

  constructor(context: BrowserContext, page: Page, website: string) {
    this.context = context
    this.page = page
    this.website = website
  }

  /** The launcher cannot be reached by a name from outside (closed shadow root): it is clicked where one sees it. */
  async clicksLauncher(): Promise<void> {
    const size = this.page.viewportSize()
    if (!size) throw new Error('The window has no size.')
    await until(() => this.#hasLauncher(), 'the launcher is on the page')
    await this.page.mouse.click(size.width - LAUNCHER_PX, size.height - LAUNCHER_PX)
  }

  async opensChat(): Promise<void> {
    if (this.#chatFrame()) return
    await this.clicksLauncher()
    await this.#composer().then((composer) => composer.waitFor())
  }

  async types(text: string): Promise<void> {
    await this.opensChat()
    await (await this.#composer()).fill(text)
  }

  /** What stands in the composer. */
  async typed(): Promise<string> {
    return (await this.#composer()).inputValue()
  }

  async pressesEnter(): Promise<void> {
    await (await this.#composer()).press('Enter')
  }

  /** Writes, sends, and waits until it is stored: only then it stands in the log. */
  async says(text: string): Promise<void> {
    await this.types(text)
    await this.pressesEnter()
    await this.sees(text)
  }

  async sees(text: string | RegExp): Promise<void> {
    const log = (await this.frame()).getByRole('log', { name: 'Messages' })
    await log.getByText(text, { exact: true }).first().waitFor()
  }

  /** Everything that the chat shows, as text. */
  async reads(): Promise<string> {
    return (await this.frame()).locator('body').innerText()
  }

  async reloads(): Promise<void> {
    await this.page.reload()
    await this.opensChat()
  }

  async closesTab(): Promise<void> {
    await this.page.close()
  }

  /** In a new tab of the same browser. */
  async comesBack(): Promise<void> {
    this.page = await this.context.newPage()
    await this.page.goto(this.website)
    await this.opensChat()
  }

  /** The document of the chat. */
  async frame(): Promise<Frame> {
    await until(async () => this.#chatFrame() !== undefined, 'the chat is open')
    const frame = this.#chatFrame()
    if (!frame) throw new Error('The chat has gone.')
    return frame
  }

  #chatFrame(): Frame | undefined {
    return this.page.frames().find((frame) => frame.url().includes('/widget/frame'))
  }

  async #hasLauncher(): Promise<boolean> {
    return this.page.evaluate(() => 'foyerLauncher' in window)
  }

  async #composer() {
    return (await this.frame()).getByRole('textbox', { name: 'Message' })
  }
}
