import { say } from './catalogue.js';
import { RoomError } from './room-error.js';
/** @import { Room } from './room.js' */

/**
 * Who drives the desk, and how this person comes to: what pages need of `Control`, `Turns` and `Floor` in one place.
 *
 * Events: `change`.
 */
export class Driving extends EventTarget {
    #room;
    #request = null;
    /** Why the room has not taken the request, as its `error`. */
    #refusal = null;

    /** @param {Room} room */
    constructor(room) {
        super();
        this.#room = room;
        const { control, floor, turns } = room;
        for (const part of [control, floor, turns]) part.addEventListener('change', () => this.#changed());
        room.addEventListener('refusal', ({ detail }) => {
            if (detail.step === 'requestControl') this.#refusal = detail;
        });
    }

    /** Whether this person drives. */
    get isMine() {
        return this.#room.control.mine;
    }

    /** Who drives; `null`: nobody. @returns {{id: number, name: string} | null} */
    get holder() {
        return this.#room.control.holder;
    }

    /** What whoever drives may use: of `pointer` and `keyboard`; empty: both. @returns {string[]} */
    get rights() {
        return this.#room.floor.rights;
    }

    /** When that is over, in milliseconds since 1970 by the room's clock; `null`: it has no end. @returns {number | null} */
    get until() {
        return this.#room.floor.until;
    }

    /** Whether this person has asked, and waits for somebody's answer. */
    get isWaiting() {
        return this.#room.turns.isWaiting;
    }

    /** Who waits for this person's answer, longest first. @returns {{id: number, name: string}[]} */
    get asks() {
        return this.#room.turns.asks;
    }

    /** Whether this person may give control to anybody, and take it from anybody. */
    get mayGive() {
        return this.#room.floor.mayGive;
    }

    /** Asks for control. @returns {Promise<void>} once this person has it, which others may have to answer before */
    request() {
        if (this.isMine) return Promise.resolve();
        if (this.#request) return this.#request.promise;
        const { turns } = this.#room;
        this.#refusal = null;
        if (!turns.isWaiting && !turns.isAsking && !turns.toggle()) return Promise.reject(unreached());
        this.#request = pending();
        return this.#request.promise;
    }

    /** Gives control back, or waits for it no longer. Returns whether the room can hear of it. */
    release() {
        const { turns } = this.#room;
        return this.isMine || turns.isWaiting ? turns.toggle() : true;
    }

    /** Answers somebody who asks. @param {number} person @param {boolean} isGiven */
    answer(person, isGiven) {
        return this.#room.turns.answer(person, isGiven);
    }

    /** Gives control to somebody, by whoever may. @param {number} person @param {{rights?: string[], seconds?: number}} [terms] */
    give(person, terms) {
        return this.#room.floor.give(person, terms);
    }

    /** Nobody drives any more, by whoever may say so. */
    revoke() {
        return this.#room.floor.revoke();
    }

    #changed() {
        // Once all parts have what the room has said.
        if (this.#request) queueMicrotask(() => this.#settle());
        this.dispatchEvent(new Event('change'));
    }

    #settle() {
        const { turns, isJoined } = this.#room;
        if (!this.#request || (!this.isMine && isJoined && (turns.isAsking || turns.isWaiting))) return;
        const request = this.#request;
        this.#request = null;
        if (this.isMine) return request.resolve();
        const refusal = this.#refusal ?? turns.refusal;
        if (!isJoined && !refusal) return request.reject(unreached());
        request.reject(new RoomError({ step: 'requestControl', ...(refusal ?? { code: 'noAnswer', words: say('control.noAnswer') }) }));
    }
}

const unreached = () => new RoomError({ code: 'unreached', step: 'requestControl', words: say('room.unreached') });

function pending() {
    const made = {};
    made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
    return made;
}
