import { say } from './catalogue.js';
import { ChatEntry } from './chat-entry.js';
import { bytesLeft, lengthWords } from './client/chat-length.js';
import { isOfComposition } from './client/text.js';

/** The panel beside the desk that shows the chat, and the button that opens it. */
export class ChatPanel {
    #chat;
    #at;
    #announce;
    /** By message. */
    #entries = new Map();
    #length = '';

    /**
     * @param {{chat: Chat, at: Record<string, HTMLElement>, announce: (words: string) => void}} parts
     *     `at`: elements by id
     */
    constructor({ chat, at, announce }) {
        this.#chat = chat;
        this.#announce = announce;
        this.#at = at;
        at['chat-button'].addEventListener('click', () => this.#show(!chat.isOpen));
        at['chat-close'].addEventListener('click', () => this.#show(false));
        at.chat.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && !isOfComposition(event)) this.#show(false);
        });
        at['chat-text'].addEventListener('keydown', (event) => {
            if (event.key !== 'Enter' || event.shiftKey || isOfComposition(event)) return;
            event.preventDefault();
            this.#send();
        });
        at['chat-text'].addEventListener('input', () => this.#measure());
        at['chat-form'].addEventListener('submit', (event) => {
            event.preventDefault();
            this.#send();
        });
        chat.addEventListener('change', () => this.#render());
        COVERS.addEventListener('change', () => this.#render());
    }

    #show(isOpen) {
        this.#chat.show(isOpen);
        if (isOpen) this.#at['chat-text'].focus();
        else this.#at['chat-button'].focus();
    }

    #send() {
        const field = this.#at['chat-text'];
        const problem = this.#chat.send(field.value);
        if (!problem) field.value = '';
        this.#measure();
        this.#at['chat-problem'].textContent = problem ?? '';
        // Whoever pressed the button goes on writing.
        field.focus();
    }

    /** Says how much more fits: for the eyes always, for the ears when the end comes near, and when it is there. */
    #measure() {
        const text = this.#at['chat-text'].value;
        const words = lengthWords(text);
        const note = this.#at['chat-length'];
        note.hidden = !words;
        note.textContent = words;
        const isOver = bytesLeft(text) < 0;
        note.dataset.tone = isOver ? 'problem' : 'wait';
        if (!isOver) this.#at['chat-problem'].textContent = '';
        const next = isOver ? 'over' : words ? 'near' : '';
        if (next && next !== this.#length) this.#announce(say('sentence', { words }));
        this.#length = next;
    }

    #render() {
        const { isOpen, messages, unread } = this.#chat;
        const at = this.#at;
        at.chat.hidden = !isOpen;
        for (const id of UNDER) at[id].inert = isOpen && COVERS.matches;
        at['chat-button'].setAttribute('aria-expanded', String(isOpen));
        at['chat-button'].setAttribute('aria-label', unread ? say('chat.unread', { count: unread }) : say('chat'));
        at['chat-unread'].hidden = unread === 0;
        at['chat-unread'].textContent = unread > 99 ? '99+' : String(unread);
        at['chat-empty'].hidden = messages.length > 0;
        // The log speaks what is added to it: what has been said already stays as it is, and where it is.
        const log = at['chat-log'];
        const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
        const isFirst = this.#entries.size === 0;
        const kept = new Set(messages);
        for (const [message, { element }] of this.#entries) {
            if (kept.has(message)) continue;
            element.remove();
            this.#entries.delete(message);
        }
        messages.forEach((message, index) => this.#place(message, index));
        if (isAtEnd || isFirst || messages.at(-1)?.isMine) log.scrollTop = log.scrollHeight;
    }

    #place(message, index) {
        const log = this.#at['chat-log'];
        const known = this.#entries.get(message);
        const entry = known ?? new ChatEntry(message, { onAgain: () => this.#sendAgain(message) });
        if (!known) this.#entries.set(message, entry);
        else if (known.update()) this.#at['chat-text'].focus();
        const there = log.children[index];
        if (there !== entry.element) log.insertBefore(entry.element, there ?? null);
    }

    #sendAgain(message) {
        this.#at['chat-problem'].textContent = this.#chat.sendAgain(message) ?? '';
        this.#at['chat-text'].focus();
    }
}

/** Where the chat takes the place of the desk (panels.css). */
const COVERS = matchMedia('(max-width: 640px)');
/** What the focus must not go to there; what is told there is still to be heard. */
const UNDER = ['banner-action', 'keys', 'offer', 'request', 'skip', 'strip'];
