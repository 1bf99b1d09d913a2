/** @import { Names } from './names.js' */

/**
 * Who may drive, who is to watch, and whose consent is asked, as the room tells of it in its `control` messages; and what
 * this person says about it.
 *
 * Events: `change`; `asked` (`{person}` in `detail`) when this person is asked for consent.
 */
export class Floor extends EventTarget {
    #names;
    #send;
    #you = null;

    /** Whether this person gives control to anybody, takes it from anybody, and says who is to watch. */
    mayGive = false;
    /** Ids of those who are kept from control, and of those whose page shows the desk large. */
    locked = new Set();
    eyesOnMe = new Set();
    /** Which of the two is said of everybody. */
    everybody = { locked: false, eyesOnMe: false };
    /** On whose desk eyes are, `{id, name}` or `null`. */
    presenter = null;
    /** What this person is asked to consent to, or has: `{id, person, given, until}`; the older ones first. */
    consents = [];
    /** What the holder may do: `pointer`, `keyboard`. */
    rights = [];
    /** When the holder's time is over: milliseconds since 1970 by the room's clock; `null`: it has no end. */
    until = null;

    /** @param {{names: Names, send: (message: object) => boolean}} parts */
    constructor({ names, send }) {
        super();
        this.#names = names;
        this.#send = send;
    }

    /** Whether this person is to watch, and whether with the desk large. */
    get isLocked() {
        return this.locked.has(this.#you);
    }

    get isWatching() {
        return this.eyesOnMe.has(this.#you);
    }

    /** The question that waits longest for this person's answer. */
    get question() {
        return this.consents.find(({ given }) => !given) ?? null;
    }

    /** Who may drive because this person has consented. */
    get agreed() {
        return this.consents.filter(({ given }) => given);
    }

    /** A `control` message of the room, or `null` when nothing is known any more. @param {number} you */
    update(message, you) {
        const known = new Set(this.consents.map(({ id }) => id));
        this.#you = you;
        this.mayGive = message?.mayGive === true;
        this.locked = new Set(message?.locked ?? []);
        this.eyesOnMe = new Set(message?.eyesOnMe ?? []);
        this.everybody = { locked: false, eyesOnMe: false, ...message?.everybody };
        this.presenter = message?.presenter ? this.#names.person(message.presenter) : null;
        this.consents = (message?.consents ?? []).map((one) => ({ ...one, person: this.#names.person(one.person) }));
        this.rights = message?.rights ?? [];
        this.until = message?.until ?? null;
        this.dispatchEvent(new Event('change'));
        const { question } = this;
        if (!question || known.has(question.id)) return;
        this.dispatchEvent(new CustomEvent('asked', { detail: { person: question.person } }));
    }

    // Each returns whether the room can hear of it.

    /** @param {{rights: string[], seconds?: number}?} terms without: all that the person may do, for as long as the room says */
    give(person, terms) {
        const { rights, seconds } = terms ?? {};
        return this.#send({ type: 'grantControl', person, ...(rights && { leaseRights: rights }), ...(seconds && { seconds }) });
    }

    takeBack() {
        return this.#send({ type: 'grantControl', person: this.#you });
    }

    /** Nobody drives, until somebody asks or is given control anew. */
    revoke() {
        return this.#send({ type: 'revokeControl' });
    }

    /** @param {number | null} person `null`: everybody */
    lock(person, on) {
        return this.#send({ type: 'lock', person, on });
    }

    /** @param {number | null} person `null`: everybody */
    watch(person, on) {
        return this.#send({ type: 'eyesOnMe', person, on });
    }

    /** @param {boolean} given `false` also takes a consent back */
    consent(id, given) {
        return this.#send({ type: 'consent', id, given, ...(given && { wording: WORDING }) });
    }
}

/** Names the words of `consent.line` and `consent.note`; another one with each change of what they mean. */
export const WORDING = 'control-1';
