/**
 * Compares what was sent with what the desk says that has arrived. What has not is sent again, by keys of the desk that are free, but
 * only if nothing was sent after it: a character too late would be in the wrong place.
 */
export class TypingProof {
    #resend;
    /** What is to be confirmed, by kind and sequence: the keysyms, and which of them is next. */
    #open = new Map();
    #sent = 0;

    /** Keys and characters: sent, arrived as they were meant, arrived as something else, not arrived, and sent again. */
    figures = { typed: 0, confirmed: 0, wrong: 0, missing: 0, resent: 0 };

    /** @param {(keysyms: number[]) => boolean} resend types them by free keys, unless more is typed already */
    constructor(resend) {
        this.#resend = resend;
    }

    /** @param {boolean} isShortcut whether it goes with Control, Alt or Super: then it is the key that counts */
    key(sequence, keysym, isShortcut) {
        this.#add(KEYS, sequence, [keysym], { isShortcut });
    }

    text(sequence, keysyms, isAgain) {
        this.#add(TEXT, sequence, keysyms, { isAgain });
    }

    /** What the desk says. @param {{kind: number, sequence: number, keysyms: number[]}} echo 0: not arrived */
    handle({ kind, sequence, keysyms }) {
        /** Of those that are missing, at the end of all that was sent. */
        let tail = [];
        keysyms.forEach((keysym, index) => {
            const name = kind === KEYS ? nameOf(KEYS, (sequence + index) & 0xffff) : nameOf(TEXT, sequence);
            const one = this.#open.get(name);
            if (!one) return;
            const meant = one.keysyms[one.next];
            one.next += 1;
            const isLast = one.next === one.keysyms.length;
            if (isLast) this.#open.delete(name);
            const verdict = this.#judge(keysym, meant, one);
            this.figures[verdict] += 1;
            if (verdict !== 'missing') tail = [];
            else if (mayRepeat(meant) && !one.isShortcut && !one.isAgain) tail.push({ keysym: meant, order: one.order, isLast });
            else tail = [];
        });
        const last = tail.at(-1);
        if (!last?.isLast || last.order !== this.#sent) return;
        if (this.#resend(tail.map((one) => one.keysym))) this.figures.resent += tail.length;
    }

    /** Nothing more is heard of what was sent. */
    clear() {
        this.#open.clear();
    }

    #judge(keysym, meant, { isShortcut }) {
        if (keysym === 0) return 'missing';
        return keysym === meant || isShortcut ? 'confirmed' : 'wrong';
    }

    #add(kind, sequence, keysyms, more) {
        this.#sent += 1;
        this.figures.typed += keysyms.length;
        this.#open.set(nameOf(kind, sequence), { keysyms, next: 0, order: this.#sent, ...more });
        if (this.#open.size > MOST) this.#open.delete(this.#open.keys().next().value);
    }
}

// As in the echo.
const KEYS = 0;
const TEXT = 1;
const MOST = 1024;
const nameOf = (kind, sequence) => `${kind} ${sequence}`;
/** Characters, and what a text has besides. */
const REPEATED = new Set([0xff08, 0xff09, 0xff0d]);
const mayRepeat = (keysym) => keysym < 0xfd00 || keysym >= 0x0100_0000 || REPEATED.has(keysym);
