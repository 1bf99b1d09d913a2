import { RoomAddress } from './address.js';
import { say } from './catalogue.js';
import { Conference } from './conference.js';
import { ConnectionWatch } from './connection-watch.js';
import { parseCursor } from './protocol.js';
import { Departure } from './departure.js';
import * as element from './desk-element.js';
import * as surface from './desk-surface.js';
import { diagnosis } from './diagnosis.js';
import { Driving } from './driving.js';
import { setHome } from './ice.js';
import { claimResume, forgetResume, releaseResume } from './identity.js';
import { speak } from './languages.js';
import { watchNetwork } from './network.js';
import { probe } from './probe.js';
import { Room } from './room.js';
import * as errors from './room-error.js';
import { Sound } from './sound.js';
import { keepOf } from './storage.js';
import { transferred } from './transferred.js';

/**
 * A room, for a page: joins it, and has all that is in it. The room's own page is made with it, and so can any other be whose origin the
 * room takes (docs/embedding.md). One at a time on a page.
 *
 * What is in it, each an `EventTarget` with an event `change`: `control` (who drives: `Driving`), `media` (this person's microphone and
 * camera: `Media`), `chat` (`Chat`), `files` (`Files`), `rights` (who may do what: `Standing`), `sound` (the desk's: `Sound`); and
 * `oversight` (what whoever looks after others does: `Oversight`). `room` and `conference` are what all these are made of.
 *
 * Events, what they tell in `detail`: `state` (also in `state`), `people`, `desk`, `picture` (the desk's `MediaStream`), `cursor`,
 * `notice` (words for the person), `message` (a line of the chat that somebody else wrote), `waiting` (somebody has to let this person
 * in; `line` is what they were written), `welcome` (this person is in), `closing` (the session ends soon), `refused` and `ended` (a
 * `RoomError`), `measured` (once a second: what the connections do), `awake` (the page runs again after it had been stopped), `language`.
 */
export class DeskroomClient extends EventTarget {
    #address;
    #comeBack;
    #name = '';
    #joining = null;
    #state = 'idle';
    #isAsking = false;

    /** The desk's picture, to be shown by `<deskroom-desk>`, or by any `<video>`. @type {MediaStream | null} */
    picture = null;
    /** The desk's pointer as it looks, a message of the channel `cursor`. @type {ArrayBuffer | null} */
    cursorShape = null;

    /**
     * @param {string | URL} address of the room, or a link that leads into it, with its token
     * @param {{token?: string | null, audio?: HTMLAudioElement, language?: string | object, comeBack?: () => void}} [options]
     *     `token`: what is in the link, where it is not in the address; `audio`: what plays the desk's sound; `language`: as in
     *     `speak`, or else the caller's own catalogue; `comeBack`: the browser shows the page again, which it had kept, and by
     *     default it joins again
     */
    constructor(address, { token, audio = new Audio(), language, comeBack = () => this.join(this.#name) } = {}) {
        super();
        this.#address = new RoomAddress(address);
        const { base, socket, health } = this.#address;
        keepOf(base);
        setHome(base);
        if (language) speak(language);
        this.#comeBack = comeBack;
        const room = new Room(socket);
        room.token = token ?? this.#address.token;
        this.room = room;
        this.watch = new ConnectionWatch(room, () => probe(health));
        this.sound = new Sound(audio);
        this.conference = new Conference(room, audio);
        this.control = new Driving(room);
        this.media = this.conference.media;
        this.chat = this.conference.chat;
        this.files = room.files;
        this.rights = room.standing;
        this.oversight = room.oversight;
        this.#listen();
        this.#watchPage();
    }

    /**
     * `idle`, `connecting`, `waiting` (to be let in), `joined`, `reconnecting`, or `ended` (the room wants this person no more).
     * @returns {string}
     */
    get state() {
        return this.#state;
    }

    /** This person, or `null` outside of the room. @returns {{id: number, name: string} | null} */
    get you() {
        return this.room.you;
    }

    /**
     * Everybody, oneself first. `camera` and `microphone` are streams to be shown or heard; others' voices are played by the library.
     * @returns {{id: number, name: string, isYou: boolean, isAway: boolean, isSpeaking: boolean, isMuted: boolean,
     *     camera: MediaStream | null, microphone: MediaStream | null}[]}
     */
    get people() {
        const tiles = new Map(this.conference.tiles().map((tile) => [tile.person, tile]));
        const people = this.room.people.map(({ id, name, away }) => {
            const tile = tiles.get(id);
            const isYou = id === this.you?.id;
            return {
                id, name, isYou, isAway: away === true, isSpeaking: tile?.isSpeaking ?? false, isMuted: tile?.isMuted ?? true,
                camera: tile?.video ? tile.stream : null, microphone: this.conference.microphoneOf(id),
            };
        });
        return people.sort((a, b) => Number(b.isYou) - Number(a.isYou));
    }

    /** The desk: its `state`, and its size in pixels; `null` outside of the room. */
    get desk() {
        return this.room.desk;
    }

    /** States and counts, for whoever looks for a fault; nobody's name or words. */
    get diagnosis() {
        return diagnosis({ room: this.room, conference: this.conference, sound: this.sound, watch: this.watch });
    }

    /**
     * Joins under a name, which a link may replace. Whoever loads the page again comes back as who they were.
     * @param {string} name
     * @param {string | null} [resume] by which this person is to be who they were; without it what this tab has kept
     * @returns {Promise<{id: number, name: string}>} once this person is in, which somebody may have to let them; refused with a `RoomError`
     */
    join(name, resume) {
        this.#settle('reject', 'replaced');
        this.#name = name;
        const joining = {};
        joining.promise = new Promise((resolve, reject) => Object.assign(joining, { resolve, reject }));
        // Whoever listens to `refused` need not look at the promise.
        joining.promise.catch(() => {});
        this.#joining = joining;
        if (resume !== undefined) this.room.join(name, resume);
        else claimResume().then((kept) => this.#joining === joining && this.room.join(name, kept));
        return joining.promise;
    }

    /** Gives up one's place. Returns whether the room heard of it: if not, it waits a minute for this page. */
    leave() {
        const isHeard = this.room.leave();
        this.#clear();
        this.#settle('reject', 'left');
        return isHeard;
    }

    /** Whether the browser is to ask before the page goes. @param {boolean} isMissed */
    askBeforeLeaving(isMissed) {
        this.departure.set(isMissed);
    }

    /** What the page shows of the cameras of others, and how large, so that nothing is sent that nobody sees (docs/signalling.md). */
    show(views) {
        return this.room.isJoined && this.room.signalling.send({ type: 'views', views });
    }

    /** Writes to everybody. @returns {Promise<object>} the line, once the room has passed it on */
    write(text) {
        return this.chat.post(text);
    }

    /** Puts a file into the folder on the desk. @param {File} file @returns {Promise<string>} the name that it has there */
    async putFile(file) {
        const [transfer] = this.files.upload([file]);
        return (await transferred(this.files, transfer)).name;
    }

    /** Takes a file from the folder, or one that is handed to this person. @returns {Promise<Blob>} */
    async takeFile(file) {
        const transfer = this.files.download(file);
        return (await transferred(this.files, transfer)).file.blob();
    }

    /** Words of the library from now on. @param {string | object} language as in `speak` */
    speak(language) {
        speak(language);
        this.dispatchEvent(new Event('language'));
    }

    #listen() {
        const { room, conference, sound } = this;
        const { control, signalling, subscribe } = room;
        for (const type of ['desk', 'notice', 'waiting', 'closing']) {
            room.addEventListener(type, ({ detail }) => this.#tell(type, type === 'desk' ? room.desk : detail));
        }
        for (const part of [this.media, conference.chat]) part.addEventListener('notice', ({ detail }) => this.#tell('notice', detail));
        this.chat.addEventListener('message', ({ detail }) => this.#tell('message', detail));
        room.addEventListener('welcome', ({ detail }) => {
            this.#update();
            this.#joining?.resolve(room.you);
            this.#joining = null;
            this.#tell('welcome', detail);
        });
        for (const type of ['refused', 'ended']) {
            room.addEventListener(type, ({ detail }) => {
                const error = new errors.RoomError({ step: 'join', ...detail });
                this.#clear();
                this.#joining?.reject(error);
                this.#joining = null;
                this.#tell(type, error);
            });
        }
        for (const part of [room, signalling]) part.addEventListener('change', () => this.#update());
        conference.addEventListener('change', () => this.#tell('people', null));
        subscribe.addEventListener('track', ({ detail: { kind, stream } }) => {
            if (kind === 'audio') return sound.play(stream);
            this.picture = stream;
            this.#tell('picture', stream);
        });
        subscribe.addEventListener('cursor', ({ detail }) => {
            if (parseCursor(detail)?.type === 'shape') this.cursorShape = detail;
            this.#tell('cursor', detail);
        });
        sound.addEventListener('change', () => conference.voices.setOn(sound.state !== 'off'));
        addEventListener('blur', () => control.releaseAll());
        document.addEventListener('visibilitychange', () => {
            if (document.hidden) control.releaseAll();
            room.tellVisibility();
        });
    }

    #watchPage() {
        const { room, conference } = this;
        watchNetwork({
            changed: () => room.networkChanged(),
            lost: () => room.awake(),
            awake: () => {
                room.awake();
                this.#tell('awake', null);
            },
        });
        this.departure = new Departure({
            isInRoom: () => room.signalling.state !== 'idle',
            goodbye: () => {
                room.goodbye();
                releaseResume();
            },
            comeBack: () => this.#comeBack(),
        });
        setInterval(async () => {
            const measured = await room.health.measure();
            conference.measured(measured);
            this.#tell('measured', measured);
        }, PERIOD);
    }

    #update() {
        const { room } = this;
        const { state } = room.signalling;
        if (state === 'waiting' && !room.wasJoined) this.#findOut();
        let now = 'connecting';
        if (state === 'idle') now = 'idle';
        else if (state === 'ended') now = 'ended';
        else if (room.isJoined) now = 'joined';
        else if (room.wasJoined) now = 'reconnecting';
        else if (room.isWaiting) now = 'waiting';
        if (now === this.#state) return;
        this.#state = now;
        this.#tell('state', now);
    }

    /** Of a WebSocket that is refused a browser says nothing; whether it is for this page's origin the room says by HTTP. */
    async #findOut() {
        if (this.#isAsking || !this.#address.isForeign) return;
        this.#isAsking = true;
        const answer = await fetch(this.#address.library, { cache: 'no-store' }).catch(() => null);
        this.#isAsking = false;
        if (answer?.status !== 403 || !this.#joining || this.room.isJoined) return;
        this.room.leave();
        const words = say('client.originNotAllowed', { origin: location.origin });
        this.room.dispatchEvent(new CustomEvent('refused', { detail: { code: 'originNotAllowed', step: 'join', words } }));
    }

    #settle(how, code) {
        const joining = this.#joining;
        this.#joining = null;
        joining?.[how](new errors.RoomError({ code, step: 'join', words: say('client.left') }));
    }

    /** Nothing of the room is left. */
    #clear() {
        this.conference.leave();
        this.sound.clear();
        this.picture = null;
        this.cursorShape = null;
        this.#tell('picture', null);
    }

    #tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

/** Forgets what this tab may come back by: it may be somebody else's. */
export const forget = forgetResume;
export const DeskElement = element.DeskElement;
export const DeskSurface = surface.DeskSurface;
export const RoomError = errors.RoomError;

if (!customElements.get('deskroom-desk')) customElements.define('deskroom-desk', DeskElement);

/** Milliseconds. */
const PERIOD = 1000;
