/** Pages that say one thing: not found, shop starting, shop away, form refused. */
import type { Html } from './html.ts';
import type { View } from './view.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';

export interface Message {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly action: { readonly href: string; readonly label: string } | Html;
  readonly pieces: number;
  /** True if the same address may work soon: the script then looks again by itself. */
  readonly mayRecover?: boolean;
}

export function messagePage(view: View, message: Message): Html {
  const { action } = message;
  return layout(view, {
    title: `${message.title} · ${view.shopName}`,
    pieces: message.pieces,
    body: html`<section class="message" ${message.mayRecover === true && html` data-retry`}>
      <h1>${message.title}</h1>
      ${message.sentences.map((sentence) => html`<p>${sentence}</p>`)}
      ${'href' in action ? html`<p><a class="button" href="${action.href}">${action.label}</a></p>` : action}
    </section>`,
  });
}

/** A form that sends the same fields again: nobody types an address twice because a server was slow. */
export function retryForm(path: string, form: URLSearchParams, label: string): Html {
  return html`<form method="post" action="${path}" data-once>
    ${[...form].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button class="button" type="submit">${label}</button>
  </form>`;
}
