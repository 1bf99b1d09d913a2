import { isNewer, parsePointers } from './pointing-protocol.js';
import { PointingSender } from './pointing-sender.js';
/** @import { Privacy } from './privacy.js' */
/** @import { Publish } from './publish.js' */
/** @import { Standing } from './standing.js' */
/** @import { Subscribe } from './subscribe.js' */

/**
 * Who points where over the desk: this person, once they have switched it on, and everybody else.
 *
 * Events: `change` when this person may point or does, or may not or does not any more; `moved` when there is another place
 * to draw; `pressed` (`{person, x, y}` in `detail`) when somebody marks a place; `appeared` (`{person}` in `detail`) when
 * somebody points who has not for a while.
 */
export class Pointing extends EventTarget {
    #standing;
    #privacy;
    #sender;
    #you;
    #sequence = null;
    #own = null;
    #timer = 0;
    /** When each person pointed last. */
    #seen = new Map();

    isOn = false;
    /** What others point at, by person: `{x, y, moved, press}` in desk pixels. */
    others = new Map();

    /**
     * @param {{publish: Publish, subscribe: Subscribe, standing: Standing, privacy: Privacy, you: () => number | undefined}} parts
     */
    constructor({ publish, subscribe, standing, privacy, you }) {
        super();
        this.#standing = standing;
        this.#privacy = privacy;
        this.#you = you;
        this.#sender = new PointingSender(() => publish.openPointing());
        standing.addEventListener('change', () => this.#check());
        privacy.addEventListener('change', () => this.#check());
        subscribe.addEventListener('pointing', ({ detail }) => this.#handle(parsePointers(detail)));
        subscribe.addEventListener('pointingOpened', () => {
            this.#sequence = null;
        });
    }

    get mayPoint() {
        return ['point', 'see'].every((right) => this.#standing.has(right)) && !this.#isHidden;
    }

    /** Where this person points, as others see it; `null` while they do not. */
    get own() {
        return this.#own;
    }

    set(isOn) {
        const isWanted = isOn && this.mayPoint;
        if (isWanted === this.isOn) return;
        this.isOn = isWanted;
        if (!isWanted) this.hide();
        this.#changed();
    }

    /** @param {{x: number, y: number}} at a desk pixel */
    point(at) {
        if (!this.isOn) return;
        this.#setOwn(at);
        this.#sender.point(at);
    }

    /** Marks a place, for everybody to see. */
    press(at) {
        if (!this.isOn) return;
        this.#setOwn(at);
        this.#sender.press(at);
        this.dispatchEvent(new CustomEvent('pressed', { detail: { person: this.#you(), x: at.x, y: at.y } }));
    }

    hide() {
        this.#sender.hide();
        this.#setOwn(null);
    }

    /** Nothing is known any more of who points. */
    clear() {
        this.others.clear();
        this.#moved();
    }

    /** Nothing of where. */
    get diagnosis() {
        return { may: this.mayPoint, isOn: this.isOn, others: this.others.size };
    }

    /** Whether there is nothing of the desk to point at. */
    get #isHidden() {
        return this.#privacy.curtain && !this.#privacy.clear;
    }

    #check() {
        if (this.#isHidden) this.clear();
        if (!this.mayPoint) this.set(false);
        this.#changed();
    }

    #setOwn(at) {
        this.#own = at && { x: at.x, y: at.y, moved: performance.now() };
        this.#moved();
    }

    #handle(message) {
        if (!message || this.#isHidden) return;
        // They may come in another order.
        if (this.#sequence !== null && !isNewer(message.sequence, this.#sequence)) return;
        this.#sequence = message.sequence;
        const now = performance.now();
        const before = this.others;
        this.others = new Map();
        for (const { person, x, y, press } of message.pointers) {
            const known = before.get(person);
            const isPress = press !== null && press.number !== known?.press;
            const isMove = !known || known.x !== x || known.y !== y || isPress;
            const moved = isMove ? now : known.moved;
            // A message that says once more what was said keeps nothing there for longer.
            if (now - moved < LIFETIME) this.others.set(person, { x, y, moved, press: press?.number ?? known?.press });
            if (!known && now - (this.#seen.get(person) ?? -Infinity) > QUIET) {
                this.dispatchEvent(new CustomEvent('appeared', { detail: { person } }));
            }
            if (isPress) this.dispatchEvent(new CustomEvent('pressed', { detail: { person, x: press.x, y: press.y } }));
        }
        for (const person of new Set([...before.keys(), ...this.others.keys()])) this.#seen.set(person, now);
        // Whoever has not pointed for longest is forgotten, however many come and go.
        while (this.#seen.size > KEPT) this.#seen.delete(this.#seen.keys().next().value);
        this.#moved();
    }

    /** What does not move goes, also if the room's word for it is lost. */
    #expire() {
        const now = performance.now();
        for (const [person, { moved }] of this.others) if (now - moved >= LIFETIME) this.others.delete(person);
        if (this.#own && now - this.#own.moved >= LIFETIME) this.#own = null;
        this.#moved();
    }

    #moved() {
        clearTimeout(this.#timer);
        const times = [...this.others.values(), ...(this.#own ? [this.#own] : [])].map(({ moved }) => moved);
        if (times.length > 0) {
            this.#timer = setTimeout(() => this.#expire(), Math.min(...times) + LIFETIME - performance.now());
        }
        this.dispatchEvent(new Event('moved'));
    }

    #changed() {
        this.dispatchEvent(new Event('change'));
    }
}

// Milliseconds: how long a pointer is there that does not move, and how long somebody has not pointed who is announced anew.
const LIFETIME = 3000;
const QUIET = 30_000;
/** People. */
const KEPT = 100;
