import { current, currentLocale, say } from './catalogue.js';
import { isolated, shownText } from './client/foreign.js';

/** One line of the chat on the page. Text only: what somebody writes is never markup. */
export class ChatEntry {
    #message;
    #onAgain;
    #who = document.createElement('b');
    #when = document.createElement('time');
    #words = document.createElement('p');
    #note = null;
    #shown = '';

    /** @param {{onAgain: () => void}} parts `onAgain`: sends it once more */
    constructor(message, { onAgain }) {
        this.#message = message;
        this.#onAgain = onAgain;
        this.element = document.createElement('div');
        this.element.className = 'message';
        this.element.classList.toggle('mine', message.isMine);
        const head = document.createElement('p');
        head.className = 'head';
        this.#who.append(message.isMine ? '' : isolated(message.name));
        head.append(this.#who, ' ', this.#when);
        this.#words.className = 'words';
        this.element.append(head, this.#words);
        this.update();
    }

    /** Says when it was written, and that it was not delivered, or no longer. Returns whether the focus was lost. */
    update() {
        const { at, state, text } = this.#message;
        const shown = `${state} ${at} ${current().tag}`;
        if (this.#shown === shown) return false;
        this.#shown = shown;
        if (this.#message.isMine) this.#who.textContent = say('chat.you');
        const words = shownText(text);
        if (this.#words.textContent !== words) this.#words.textContent = words;
        const date = new Date(at ?? NaN);
        const isKnown = !Number.isNaN(date.getTime());
        const time = isKnown ? date.toLocaleTimeString(currentLocale(), { hour: '2-digit', minute: '2-digit' })
            : state === 'waiting' ? say('chat.sending') : '';
        this.#when.textContent = time;
        if (isKnown) this.#when.dateTime = date.toISOString();
        if ((state === 'undelivered') === Boolean(this.#note)) return false;
        if (!this.#note) {
            this.#note = this.#undelivered();
            this.element.append(this.#note);
            return false;
        }
        const hadFocus = this.#note.contains(document.activeElement);
        this.#note.remove();
        this.#note = null;
        return hadFocus;
    }

    #undelivered() {
        const note = document.createElement('p');
        note.className = 'undelivered';
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = say('chat.again');
        button.addEventListener('click', this.#onAgain);
        note.append(say('chat.undelivered'), ' ', button);
        return note;
    }
}
