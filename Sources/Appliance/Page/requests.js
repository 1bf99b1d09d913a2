import { requestWords } from './control-words.js';

/**
 * Tells whoever may answer that somebody asks for control, and takes the answer. It takes no focus: keys go on to the
 * desk, until Control, Alt and Shift together lead here.
 */
export class Requests {
    #turns;
    #drivers;
    #at;
    #announce;
    #onAnswered;
    #isMine;
    #left;
    #passesOn = false;

    /**
     * @param {{turns: Turns, drivers: Drivers, at: Record<string, HTMLElement>, announce: (words: string) => void,
     *     onAnswered: () => void, isMine: () => boolean, left: (until: number) => string}} parts `at`: elements by id;
     *     `onAnswered`: the focus has to go somewhere; `isMine`: whether this person has control; `left`: how long a
     *     question waits, in words
     */
    constructor({ turns, drivers, at, announce, onAnswered, isMine, left }) {
        this.#isMine = isMine;
        this.#left = left;
        this.#turns = turns;
        this.#drivers = drivers;
        this.#at = at;
        this.#announce = announce;
        this.#onAnswered = onAnswered;
        turns.addEventListener('change', () => this.#render());
        turns.addEventListener('asked', ({ detail }) => {
            this.#passesOn = detail.passesOn;
            this.#render();
            const { spoken, spokenHere } = requestWords([detail.person], false);
            this.#announce(this.#isMine() ? spoken : spokenHere);
        });
        at['request-yes'].addEventListener('click', () => this.#answer(true));
        at['request-beside'].addEventListener('click', () => {
            const [first] = this.#turns.asks;
            if (first) this.#turns.letDrive(first.id);
        });
        drivers.addEventListener('change', () => this.#render());
        at['request-no'].addEventListener('click', () => this.#answer(false));
        at.request.addEventListener('keydown', ({ key }) => {
            if (key === 'Escape') this.#onAnswered();
        });
    }

    /** Whether somebody waits for an answer. */
    get isShown() {
        return !this.#at.request.hidden;
    }

    /** On none of the buttons: Enter, still held down from the desk, must not give control away. */
    focus() {
        this.#at.request.focus();
    }

    /** How long the first question waits. */
    tick() {
        const [first] = this.#turns.asks;
        const words = first ? this.#left(first.until) : '';
        if (this.#at['request-left'].textContent !== words) this.#at['request-left'].textContent = words;
    }

    #answer(isGiven) {
        const [first] = this.#turns.asks;
        if (first) this.#turns.answer(first.id, isGiven);
    }

    #render() {
        const { asks } = this.#turns;
        const { request } = this.#at;
        const words = asks.length > 0 ? requestWords(asks, this.#passesOn) : null;
        document.title = words ? `${words.line} – ${TITLE}` : TITLE;
        const hadFocus = request.contains(document.activeElement);
        request.hidden = !words;
        if (words) {
            for (const [id, text] of [['request-line', words.line], ['request-note', words.note]]) {
                if (this.#at[id].textContent !== text) this.#at[id].textContent = text;
            }
            this.#at['request-note'].hidden = !words.note;
            this.#at['request-beside'].hidden = !this.#drivers.hasRoom;
            this.tick();
        } else if (hadFocus) this.#onAnswered();
    }
}

/** The product's name, in every language. */
const TITLE = document.title;
