import { Chat } from './chat.js';
import { Media } from './media.js';
import { Voices } from './voices.js';

/**
 * The people in the room as this page knows them: who is seen, heard and speaking, and what the network lets
 * through. `change` is sent whenever something to be shown has changed.
 */
export class Conference extends EventTarget {
    #room;
    #streams = new WeakMap();
    #speaking = new Set();
    #dominant = null;
    /** By mid: `sent`, `pausedByNetwork` or `pausedByYou`. */
    #delivery = {};

    /** The id of the person whose tile is kept large. */
    pinned = null;

    constructor(room) {
        super();
        const { publish, subscribe, signalling } = room;
        this.#room = room;
        const send = (message) => this.isOn && room.isJoined && signalling.send(message);
        this.media = new Media({ senders: publish.senders, send });
        this.chat = new Chat(room);
        this.voices = new Voices();
        const changed = () => this.dispatchEvent(new Event('change'));
        room.addEventListener('message', ({ detail }) => this.#receive(detail));
        room.addEventListener('welcome', () => this.media.announce());
        room.addEventListener('people', () => this.#peopleChanged());
        subscribe.addEventListener('people', () => {
            this.voices.play(this.#tracks('microphone').map(({ track }) => track));
            if (!subscribe.connection) this.#delivery = {};
            changed();
        });
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
        const people = this.#room.people.map((person) => this.#tile(person));
        const rank = ({ isPinned, isYou }) => (isPinned ? 0 : isYou ? 1 : 2);
        return people.sort((a, b) => rank(a) - rank(b));
    }

    /** What the network keeps back: how many cameras, and whether the desk's picture. */
    paused() {
        const isPaused = ({ mid }) => this.#delivery[mid] === 'pausedByNetwork';
        const desk = Object.keys(this.#delivery).some((mid) => {
            return this.#delivery[mid] === 'pausedByNetwork' && this.#room.subscribe.isDesk(mid);
        });
        return { cameras: this.#tracks('camera').filter(isPaused).length, desk };
    }

    pin(id) {
        this.pinned = this.pinned === id ? null : id;
        this.dispatchEvent(new Event('change'));
    }

    #tile({ id, name, audio, video }) {
        const isYou = id === this.#room.you?.id;
        const shown = isYou ? this.media.state : { audio, video };
        const from = this.#tracks('camera').find(({ person }) => person === id);
        const track = isYou ? this.media.camera.track : from?.track;
        const delivery = this.#delivery[from?.mid] ?? 'sent';
        return {
            person: id,
            name,
            isYou,
            isPinned: this.pinned === id,
            isMuted: shown.audio !== 'on',
            hasMicrophone: shown.audio !== 'none' && shown.audio !== undefined,
            isSpeaking: this.#speaking.has(id) && shown.audio === 'on',
            isDominant: this.#dominant === id,
            delivery,
            // A picture that does not move would look like one that does.
            video: shown.video === 'on' && Boolean(track) && delivery !== 'pausedByNetwork',
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
        if (!this.#room.people.some(({ id }) => id === this.pinned)) this.pinned = null;
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
            case 'publishLayers':
                this.#room.publish.senders.setLayers(message.layers ?? {});
                break;
        }
        this.dispatchEvent(new Event('change'));
    }
}
