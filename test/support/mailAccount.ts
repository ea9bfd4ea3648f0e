/** Who may send by the tests' mail servers. */
export const MAIL_ACCOUNT = { user: 'foyer@shop.example', password: 'a pass word with ☕ and " quotes' }
