import { Chat } from './chat.js';
import { Media } from './media.js';
import { OwnNetwork } from './own-network.js';
import { Speaker } from './speaker.js';
import { tab } from './storage.js';
import { Voices } from './voices.js';
/** @import { Room } from './room.js' */

/**
 * The people in the room as this page knows them: who is seen, heard and speaking, and what the network lets
 * through. `change` is sent whenever something to be shown has changed.
 */
export class Conference extends EventTarget {
    #room;
    #streams = new WeakMap();
    #speaking = new Set();
    #dominant = null;
    /** Whether this page, as it is loaded now, has been in the room. */
    #wasHere = false;
    /** For how many measurements the desk's picture has been smaller than the desk. */
    #smallSince = 0;
    /** By mid, as in `health.js`; and since when no frame of it has come, in milliseconds. */
    #pictures = {};
    #stuckSince = {};
    /** By mid: `sent`, `reducedByNetwork`, `pausedByNetwork`, `pausedByYou` or `unsupported`. */
    #delivery = {};

    /** How this device's own network does. */
    network = new OwnNetwork();

    /** The id of the person whose tile is kept large, also when the page is loaded again. */
    #pinned = null;

    /** @param {Room} room @param {HTMLAudioElement} sound the desk's */
    constructor(room, sound) {
        super();
        const { publish, subscribe, signalling } = room;
        this.#room = room;
        const send = (message) => this.isOn && room.isJoined && signalling.send(message);
        this.voices = new Voices();
        const speaker = new Speaker({ sound, voices: this.voices });
        this.media = new Media({ senders: publish.senders, speaker, send });
        this.chat = new Chat(room);
        const changed = () => this.dispatchEvent(new Event('change'));
        room.addEventListener('message', ({ detail }) => this.#receive(detail));
        room.addEventListener('welcome', ({ detail }) => {
            if (detail.isKnown && !this.#wasHere) {
                this.media.restore();
                this.#pinned = tab.readObject(PINNED)?.person ?? null;
            }
            this.#wasHere = true;
            this.media.announce();
        });
        room.addEventListener('people', () => this.#peopleChanged());
        subscribe.addEventListener('people', () => {
            this.voices.play(this.#tracks('microphone').map(({ track }) => track));
            if (!subscribe.connection) {
                this.#delivery = {};
                this.#stuckSince = {};
                this.network.reset();
            }
            changed();
        });
        room.standing.addEventListener('lost', ({ detail: { right } }) => this.#silence(right));
        room.standing.addEventListener('regained', () => publish.renew());
        room.standing.addEventListener('change', changed);
        this.media.addEventListener('change', changed);
        this.chat.addEventListener('change', changed);
    }

    /** Whether this room has a conference at all. */
    get isOn() {
        return this.#room.hasConference;
    }

    /** What is to be seen of everybody, oneself first and a pinned person before that. */
    tiles() {
        if (!this.isOn) return [];
        const people = this.#room.people.filter(({ outside }) => outside !== 'viewer')
            .map((person) => this.#tile(person));
        const rank = ({ isPinned, isYou }) => (isPinned ? 0 : isYou ? 1 : 2);
        return people.sort((a, b) => rank(a) - rank(b));
    }

    /** What the room keeps back: how many cameras, the desk's picture, or some of its pixels. */
    limits() {
        const isPaused = ({ mid }) => this.#delivery[mid] === 'pausedByNetwork';
        const isDesk = (delivery) => Object.keys(this.#delivery).some((mid) => {
            return this.#delivery[mid] === delivery && this.#room.subscribe.isDesk(mid);
        });
        const desk = isDesk('pausedByNetwork');
        const cameras = this.#tracks('camera').filter(isPaused).length;
        return { cameras, desk, isDeskSmall: isDesk('reducedByNetwork') || this.#smallSince > SMALL };
    }

    /** @param {object} measured as in `health.js`; once a second */
    measured(measured) {
        this.network.update(measured);
        const now = performance.now();
        for (const [mid, { framesDecoded }] of Object.entries(measured.cameras)) {
            const hasMoved = framesDecoded !== this.#pictures[mid]?.framesDecoded;
            if (hasMoved || !this.#stuckSince[mid] || document.hidden) this.#stuckSince[mid] = now;
        }
        this.#pictures = measured.cameras;
        const { width = 0, state } = this.#room.desk ?? {};
        // Some encoders leave out an odd column.
        const isSmall = state === 'live' && measured.video?.frameWidth < 0.9 * width;
        this.#smallSince = isSmall ? this.#smallSince + 1 : 0;
        this.dispatchEvent(new Event('change'));
    }

    /** This person leaves: nothing more is captured, and what was said is forgotten. */
    leave() {
        this.media.end();
        this.chat.forget();
        this.#setPinned(null);
        this.#speaking.clear();
        this.#dominant = null;
    }

    /** Somebody's voice; `null` while it does not come. @returns {MediaStream | null} */
    microphoneOf(id) {
        const found = this.#tracks('microphone').find(({ person }) => person === id);
        return found ? this.#stream(found.track) : null;
    }

    /** What is to be seen of one person; `null` of somebody who is not there, and in rooms without a conference. */
    tile(id) {
        const person = this.isOn && this.#room.people.find((one) => one.id === id);
        return person && person.outside !== 'viewer' ? this.#tile(person) : null;
    }

    /** Somebody has taken a right: the device is let go. */
    #silence(right) {
        const device = right === 'speak' ? this.media.microphone : this.media.camera;
        if (device.track) device.end();
    }

    pin(id) {
        this.#setPinned(this.#pinned === id ? null : id);
        this.dispatchEvent(new Event('change'));
    }

    #setPinned(person) {
        this.#pinned = person;
        tab.writeObject(PINNED, person === null ? null : { person });
    }

    #tile({ id, name, audio, video, away }) {
        const isYou = id === this.#room.you?.id;
        const shown = isYou ? this.media.state : { audio, video };
        const from = this.#tracks('camera').find(({ person }) => person === id);
        const track = isYou ? this.media.camera.track : from?.track;
        const delivery = this.#delivery[from?.mid] ?? 'sent';
        const isSeen = shown.video === 'on' && delivery === 'sent';
        return {
            person: id,
            name,
            isYou,
            isPinned: this.#pinned === id,
            isMuted: shown.audio !== 'on',
            hasMicrophone: shown.audio !== 'none' && shown.audio !== undefined,
            isSpeaking: this.#speaking.has(id) && shown.audio === 'on',
            isDominant: this.#dominant === id,
            hasTurn: this.#room.turnTaking.isOn && this.#room.turnTaking.current === id,
            isAway: away === true,
            page: isYou ? null : this.#room.standing.page(id),
            isHeld: isYou && this.media.camera.isHeld,
            isStuck: !isYou && isSeen && performance.now() - this.#stuckSince[from?.mid] > STUCK,
            size: isYou ? trackSize(track) : pictureSize(this.#pictures[from?.mid]),
            delivery,
            // A picture that does not move would look like one that does.
            video: shown.video === 'on' && Boolean(track) && !HIDDEN.includes(delivery),
            isForeign: shown.video === 'on' && delivery === 'unsupported',
            isPaused: shown.video === 'on' && delivery === 'pausedByNetwork',
            stream: track ? this.#stream(track) : null,
        };
    }

    #tracks(source) {
        return this.#room.subscribe.people.filter((one) => {
            return one.source === source && one.person !== this.#room.you?.id;
        });
    }

    #stream(track) {
        if (!this.#streams.has(track)) this.#streams.set(track, new MediaStream([track]));
        return this.#streams.get(track);
    }

    #peopleChanged() {
        const isHere = this.#room.people.some(({ id }) => id === this.#pinned);
        if (this.#pinned !== null && !isHere) this.#setPinned(null);
        this.media.tell();
    }

    #receive(message) {
        switch (message.type) {
            case 'speakers':
                this.#speaking = new Set(message.speaking ?? []);
                this.#dominant = message.dominant ?? null;
                break;
            case 'delivery':
                this.#delivery = { ...this.#delivery, ...message.tracks };
                break;
            case 'muted': this.media.mute(); break;
            case 'publishLayers':
                this.#room.publish.senders.setLayers(message.layers ?? {});
                break;
        }
        this.dispatchEvent(new Event('change'));
    }
}

const pictureSize = (measured) => (measured?.frameWidth
    ? { width: measured.frameWidth, height: measured.frameHeight } : null);

function trackSize(track) {
    const { width, height } = track?.getSettings() ?? {};
    return width && height ? { width, height } : null;
}

/** Deliveries of which nothing is to be seen. */
const HIDDEN = ['pausedByNetwork', 'unsupported'];
const PINNED = 'deskroom pinned';
/** Measurements; while the picture grows at the start it is nobody's fault. */
const SMALL = 4;
/** Milliseconds without a new frame after which a picture that should move does not. */
const STUCK = 4000;
