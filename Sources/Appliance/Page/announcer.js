import { say } from './catalogue.js';

/**
 * Tells those who listen who came, who left and who muted: at once, every few seconds at most, however much
 * happens.
 */
export class Announcer {
    #say;
    #you = null;
    #before = null;
    #now = new Map();
    #names = new Map();
    #words = new Set();
    #timer = 0;
    #spoken = -Infinity;

    /** @param {(words: string) => void} say */
    constructor(say) {
        this.#say = say;
    }

    /** Everybody who is there now. The first time, and whenever `you` is somebody else, nothing is new. */
    people(people, you) {
        const now = new Map(people.map((person) => [person.id, person]));
        for (const { id, name } of people) this.#names.set(id, name);
        if (you !== this.#you || !this.#before) {
            this.#you = you;
            this.#before = now;
        }
        this.#now = now;
        this.#soon();
    }

    /** Something else to say, once. */
    add(words) {
        this.#words.add(words);
        this.#soon();
    }

    #soon() {
        if (this.#timer) return;
        const wait = Math.max(GATHER, this.#spoken + PERIOD - performance.now());
        this.#timer = setTimeout(() => this.#speak(), wait);
    }

    #speak() {
        this.#timer = 0;
        const news = changes(this.#before ?? this.#now, this.#now, this.#you);
        const name = (id) => this.#names.get(id);
        const words = [...sentences(news, name), ...this.#words].join(' ');
        this.#before = this.#now;
        this.#words.clear();
        if (!words) return;
        this.#spoken = performance.now();
        this.#say(words);
    }
}

/** What others did between two states of the room, both maps of people by id. */
export function changes(before, after, you) {
    const news = { joined: [], left: [], muted: [], unmuted: [] };
    for (const [id, { audio }] of after) {
        if (id === you) continue;
        const was = before.get(id);
        if (!was) news.joined.push(id);
        else if (was.audio === 'on' && audio !== 'on') news.muted.push(id);
        else if (was.audio !== 'on' && audio === 'on') news.unmuted.push(id);
    }
    for (const id of before.keys()) if (!after.has(id) && id !== you) news.left.push(id);
    return news;
}

/** @param {(id: number) => string} name */
export function sentences({ joined, left, muted, unmuted }, name) {
    return Object.entries({ joined, left, muted, unmuted })
        .filter(([, ids]) => ids.length > 0)
        .map(([news, ids]) => say(`news.${news}`, { names: counted(ids.map(name)), count: ids.length }));
}

/** More than four are counted. */
const counted = (names) =>
    (names.length > 4 ? [...names.slice(0, 2), say('news.others', { count: names.length - 2 })] : names);

// Milliseconds.
const GATHER = 800;
const PERIOD = 4000;
