/** The panel beside the desk that shows the chat, and the button that opens it. */
export class ChatPanel {
    #chat;
    #at;
    #shown = [];

    /** @param {{chat: Chat, at: Record<string, HTMLElement>}} parts `at`: elements by id */
    constructor({ chat, at }) {
        this.#chat = chat;
        this.#at = at;
        at['chat-button'].addEventListener('click', () => this.#show(!chat.isOpen));
        at['chat-close'].addEventListener('click', () => this.#show(false));
        at.chat.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && !event.isComposing) this.#show(false);
        });
        at['chat-text'].addEventListener('keydown', (event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            this.#send();
        });
        at['chat-form'].addEventListener('submit', (event) => {
            event.preventDefault();
            this.#send();
        });
        chat.addEventListener('change', () => this.#render());
    }

    #show(isOpen) {
        this.#chat.show(isOpen);
        if (isOpen) this.#at['chat-text'].focus();
        else this.#at['chat-button'].focus();
    }

    #send() {
        const field = this.#at['chat-text'];
        const problem = this.#chat.send(field.value);
        this.#at['chat-problem'].textContent = problem ?? '';
        if (!problem) field.value = '';
    }

    #render() {
        const { isOpen, messages, unread } = this.#chat;
        const at = this.#at;
        at.chat.hidden = !isOpen;
        at['chat-button'].setAttribute('aria-expanded', String(isOpen));
        at['chat-button'].setAttribute('aria-label', unread ? `Chat, ${unread} unread` : 'Chat');
        at['chat-unread'].hidden = unread === 0;
        at['chat-unread'].textContent = unread > 99 ? '99+' : String(unread);
        at['chat-empty'].hidden = messages.length > 0;
        // The log speaks what is added to it: what has been said already stays as it is.
        const log = at['chat-log'];
        const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
        const kept = new Set(messages);
        for (const [message, element] of this.#shown) if (!kept.has(message)) element.remove();
        this.#shown = this.#shown.filter(([message]) => kept.has(message));
        for (const [message, element] of this.#shown) this.#mark(message, element);
        const known = new Set(this.#shown.map(([message]) => message));
        for (const message of messages) {
            if (known.has(message)) continue;
            const element = entry(message);
            this.#shown.push([message, element]);
            log.append(element);
        }
        if (isAtEnd || !known.size || messages.at(-1)?.isMine) log.scrollTop = log.scrollHeight;
    }

    /** Says that a line was not delivered, or no longer; the log speaks what is added to it. */
    #mark(message, element) {
        const note = element.querySelector('.undelivered');
        if ((message.state === 'undelivered') === Boolean(note)) return;
        if (!note) {
            element.append(undelivered(() => this.#sendAgain(message)));
            return;
        }
        const hadFocus = note.contains(document.activeElement);
        note.remove();
        if (hadFocus) this.#at['chat-text'].focus();
    }

    #sendAgain(message) {
        this.#at['chat-problem'].textContent = this.#chat.sendAgain(message) ?? '';
        this.#at['chat-text'].focus();
    }
}

/** Text only: what somebody writes is never markup. */
function entry({ name, text, at, isMine }) {
    const element = document.createElement('div');
    element.className = isMine ? 'message mine' : 'message';
    const head = document.createElement('p');
    const who = document.createElement('b');
    who.textContent = isMine ? 'You' : name;
    const when = document.createElement('time');
    const date = new Date(at);
    when.textContent = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    if (!Number.isNaN(date.getTime())) when.dateTime = date.toISOString();
    head.append(who, ' ', when);
    const body = document.createElement('p');
    body.className = 'words';
    body.textContent = text;
    element.append(head, body);
    return element;
}

function undelivered(onAgain) {
    const note = document.createElement('p');
    note.className = 'undelivered';
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Send again';
    button.addEventListener('click', onAgain);
    note.append('Not delivered. ', button);
    return note;
}
