import { say } from './catalogue.js';
import { Clipboard } from './clipboard.js';
import { Control } from './control.js';
import { Files } from './files.js';
import { DeskSize } from './desk-size.js';
import { Drivers } from './drivers.js';
import { Floor } from './floor.js';
import { Health } from './health.js';
import { browserSecret, forgetResume, saveResume } from './identity.js';
import { renew, setServers } from './ice.js';
import { Names } from './names.js';
import { Oversight } from './oversight.js';
import { Pointing } from './pointing.js';
import { Privacy } from './privacy.js';
import { isConnected, Publish } from './publish.js';
import { roomWords } from './reasons.js';
import { refusalWords } from './refusal-words.js';
import { Signalling } from './signalling.js';
import { Standing } from './standing.js';
import { Subscribe } from './subscribe.js';
import { Turns } from './turns.js';
import { TurnTaking } from './turn-taking.js';

/**
 * The room as this page knows it: what the room says goes to the part it concerns.
 *
 * Events: `change` whenever something to be shown has changed, `refused` (the join; `detail` has `code`, `values` and
 * `message` of the room, and `words` for the person),
 * `notice` (words for the person in `detail`), `desk` (the desk's state), `ending` (of this person's time in control:
 * seconds left in `detail`), `welcome` (`isKnown` in `detail`: the room still knew this person), `waiting` (somebody has to
 * let this person in; the room's words for it in `detail`, and in `at` when they came), `closing` (the session ends soon; the
 * room's message in `detail`), `ended` (the room has ended this
 * person's stay; as `refused`), `people`, `refusal` (`step` in `detail`: what the room did not take; the rest as `refused`),
 * `message` (one of the room's that concerns none of these), and what `publish`, `subscribe` and `control` send.
 */
export class Room extends EventTarget {
    #name = '';
    #resume = null;
    /** What the room's clock is ahead of `performance.now()`, in milliseconds; `null` until it has told. */
    #clock = null;

    /** How people are told apart. */
    names = new Names();
    /** What is in the link that was opened, if any. */
    token = null;
    you = null;
    /** Who may do what, as far as the room tells. */
    standing = new Standing();
    people = [];
    desk = null;
    wasJoined = false;
    isJoined = false;
    /** Whether this person is to be let in by somebody. */
    isWaiting = false;
    /** Whether people can be seen and heard, and write to one another, in this room. */
    hasConference = false;
    /** Why media could not be set up, in words. */
    failure = null;

    constructor(url) {
        super();
        this.signalling = new Signalling(url);
        const send = (message) => this.signalling.send(message);
        this.publish = new Publish(send);
        this.subscribe = new Subscribe(send);
        this.control = new Control();
        const { control, names } = this;
        const sendInRoom = (message) => this.isJoined && send(message);
        this.turns = new Turns({ control, names, send: sendInRoom });
        this.floor = new Floor({ names, send: sendInRoom });
        this.oversight = new Oversight(sendInRoom);
        this.drivers = new Drivers({ names, send: sendInRoom });
        this.turnTaking = new TurnTaking(sendInRoom);
        this.floor.addEventListener('change', () => this.#changed());
        this.turns.addEventListener('change', () => this.#changed());
        this.turns.addEventListener('notice', ({ detail }) => this.#notice(detail));
        this.control.addEventListener('undelivered', ({ detail }) => this.#notice(detail));
        this.clipboard = new Clipboard(control);
        this.files = new Files();
        this.deskSize = new DeskSize(sendInRoom);
        this.privacy = new Privacy((message) => this.isJoined && send(message));
        this.privacy.addEventListener('change', () => this.#changed());
        const { publish, subscribe, standing, privacy } = this;
        this.pointing = new Pointing({ publish, subscribe, standing, privacy, you: () => this.you?.id });
        this.health = new Health(this);
        this.signalling.addEventListener('message', ({ detail }) => this.#receive(detail));
        this.signalling.addEventListener('change', () => this.#signallingChanged());
        for (const part of [this.publish, this.subscribe]) {
            part.addEventListener('change', () => {
                if (isConnected(part.connection)) this.failure = null;
                this.#changed();
            });
            part.addEventListener('failure', ({ detail }) => {
                this.#fail(part, say('browser.says', { message: detail.message }));
            });
        }
    }

    /** Milliseconds since 1970 by the room's clock, which rules in the room; `null` until it is known. */
    get time() {
        return this.#clock === null ? null : Math.round(performance.now() + this.#clock);
    }

    join(name, resume) {
        this.#name = name;
        this.#resume = resume;
        this.health.mark('joinAsked');
        this.signalling.start(() => ({
            type: 'join',
            name: this.#name,
            // The room keeps the connections of a page that only lost its WebSocket; a page that was loaded
            // anew says that it has none.
            ...(this.#resume && { resume: this.#resume, fresh: this.publish.connection === null }),
            browser: browserSecret(),
            ...(this.token && { token: this.token }),
        }));
    }

    /** Ends everything and joins as somebody new. */
    joinAfresh() {
        this.#end();
        this.join(this.#name, null);
    }

    /** Gives up one's place. Returns whether the room heard of it: if not, it waits a minute for this page. */
    leave() {
        this.control.releaseAll();
        const isHeard = (this.isJoined || this.isWaiting) && this.signalling.send({ type: 'leave' });
        this.#forget();
        return isHeard;
    }

    /** The page goes. What would come back as it was is told apart from who stays away by the room. */
    goodbye() {
        this.control.releaseAll();
        this.signalling.send({ type: 'goodbye' });
        // Nothing reconnects from a page that is only kept; closing tells the others' ends at once.
        this.signalling.stop();
        this.#disconnect();
    }

    /** Whether anybody looks at this page: control passes on sooner from one that nobody sees. */
    tellVisibility() {
        if (this.isJoined) this.signalling.send({ type: 'visibility', hidden: document.hidden });
    }

    /** The network is another one, or may be. */
    networkChanged() {
        this.signalling.hurry();
        this.publish.restart();
        if (this.subscribe.connection) this.subscribe.restart();
    }

    /** The page runs again after it had been stopped: finds out at once what is left, and mends only that. */
    awake() {
        if (this.signalling.state === 'idle') return;
        this.signalling.hurry();
        for (const part of [this.publish, this.subscribe]) {
            if (part.connection && !isConnected(part.connection)) part.restart();
        }
    }

    #receive(message) {
        switch (message.type) {
            case 'welcome': this.#welcome(message); break;
            case 'iceServers': this.#renewServers(message); break;
            case 'publishAnswer': this.publish.answer(message.sdp); break;
            case 'subscribeOffer': this.subscribe.offer(message.sdp, message.id, message.tracks); break;
            case 'desk': this.#setDesk(message); break;
            case 'control': this.#setControl(message); break;
            case 'controlRequested': this.turns.requested(message); break;
            case 'controlEnding': this.dispatchEvent(new CustomEvent('ending', { detail: message.within })); break;
            case 'privacy': this.privacy.update(message); break;
            case 'clipboard': this.#setClipboard(message); break;
            case 'files': this.#setFiles(message); break;
            case 'deskSize': this.deskSize.update(message, this.you?.id); break;
            case 'windows': this.privacy.listed(message.windows); break;
            case 'people': this.#setPeople(message.people); break;
            case 'rights': this.standing.setRights(this.you?.id ?? null, message.people ?? []); break;
            case 'pageStates': this.standing.setPages(message.pages ?? []); break;
            case 'waiting': this.#waits(message); break;
            case 'closing': this.dispatchEvent(new CustomEvent('closing', { detail: message })); break;
            case 'ended': this.#putOut(message, 'ended'); break;
            case 'error': this.#refused(message); break;
            default: this.dispatchEvent(new CustomEvent('message', { detail: message }));
        }
        this.#changed();
    }

    /** What goes on with a connection that stands is its next restart's. */
    #renewServers(ice) {
        setServers(ice);
        for (const { connection } of [this.publish, this.subscribe]) renew(connection);
    }

    #welcome({ you, resume, resumed, desk, control, privacy, clipboard, files, people, camera, ice, now }) {
        this.health.mark('welcome');
        this.#clock = Number.isFinite(now) ? now - performance.now() : null;
        const isKnown = this.#resume !== null && this.#resume === resume;
        if (this.wasJoined && !isKnown) this.#notice(say('room.tooLongAway'));
        if (!isKnown) this.names.startAnew();
        // First, so that whoever came first has a name to themselves.
        this.names.people(people ?? []);
        this.you = this.names.person(you);
        this.isWaiting = false;
        this.isJoined = true;
        this.wasJoined = true;
        this.failure = null;
        this.#resume = resume;
        saveResume(resume);
        this.#setDesk(desk);
        this.#renewServers(ice);
        this.publish.senders.codec = camera ?? 'vp8';
        if (resumed && this.publish.connection) {
            this.publish.resume();
            this.subscribe.resume();
        } else {
            this.#disconnect();
            this.isJoined = true;
            this.publish.open();
            this.subscribe.expect();
        }
        this.control.attach(this.publish.channels);
        this.#setControl(control);
        this.privacy.update(privacy);
        this.#setClipboard(clipboard);
        this.#setFiles(files);
        this.dispatchEvent(new CustomEvent('welcome', { detail: { isKnown } }));
        this.#setPeople(people);
        this.tellVisibility();
    }

    /** Another page of this tab, or this one after its connection was lost, keeps the place in the line. */
    #waits(message) {
        this.isWaiting = true;
        this.#resume = message.resume;
        saveResume(message.resume);
        this.dispatchEvent(new CustomEvent('waiting', { detail: { ...message, at: Date.now() } }));
    }

    #setPeople(people) {
        this.people = this.names.people(people ?? []);
        if (this.people.some(({ audio }) => audio !== undefined)) this.hasConference = true;
        if (this.hasConference) this.publish.openChat();
        this.dispatchEvent(new Event('people'));
    }

    #setDesk(desk) {
        const { state, code, message, width, height } = desk;
        this.desk = { state, code, message, width, height };
        this.dispatchEvent(new Event('desk'));
    }

    #setControl(control) {
        this.control.update(control && { ...control, holder: control.holder && this.names.person(control.holder) });
        this.floor.update(control, this.you?.id);
        this.drivers.update(control);
        this.turnTaking.update(control?.turns, this.you?.id);
        this.turns.update(control);
    }

    #setClipboard(state) {
        this.clipboard.update(state);
        // Who may do nothing with it opens no way to it.
        this.clipboard.attach(this.clipboard.isThere ? this.publish.openClipboard() : null);
    }

    #setFiles(state) {
        this.files.update(state);
        this.files.attach(this.files.isNeeded ? this.publish.openFiles() : null);
    }

    #forget() {
        this.#end();
        this.files.forget();
        this.you = null;
        this.desk = null;
        this.standing.forget();
        this.#setPeople([]);
        this.#changed();
    }

    #end() {
        this.signalling.stop();
        this.#disconnect();
        forgetResume();
        this.wasJoined = false;
        this.isWaiting = false;
    }

    #refused({ step, ...told }) {
        const words = refusalWords({ step, ...told });
        if (step === 'join' && !this.isJoined) {
            this.signalling.stop();
            forgetResume();
            this.dispatchEvent(new CustomEvent('refused', { detail: { ...told, words } }));
        } else if (step === 'publishOffer') {
            this.#fail(this.publish, words);
        } else if (step === 'subscribeAnswer' || step === 'restartSubscribe') {
            this.#fail(this.subscribe, words);
        } else {
            this.turns.settle();
            if (step === 'setDeskSize') this.deskSize.refused();
            this.#notice(words);
            this.dispatchEvent(new CustomEvent('refusal', { detail: { step, ...told, words } }));
        }
    }

    #notice(words) {
        this.dispatchEvent(new CustomEvent('notice', { detail: words }));
    }

    /** @param {Publish | Subscribe} part which of the connections could not be set up, or not be changed */
    #fail(part, words) {
        // While nothing is connected that is all there is to say; of one that works only a change has failed.
        if (isConnected(part.connection)) this.#notice(words);
        else this.failure = words;
        this.#changed();
    }

    #signallingChanged() {
        if (this.signalling.state !== 'open') this.isJoined = false;
        if (this.signalling.state === 'ended') {
            const code = REASONS[this.signalling.endCode];
            if (code) return this.#putOut({ code });
            this.#disconnect();
        }
        this.#changed();
    }

    /** The room has ended this person's stay. @param {'refused' | 'ended'} event */
    #putOut(told, event = 'refused') {
        this.#forget();
        const words = roomWords(told, say('refused.join'));
        this.dispatchEvent(new CustomEvent(event, { detail: { ...told, words } }));
    }

    #disconnect() {
        this.isJoined = false;
        this.publish.close();
        this.subscribe.close();
        this.health.frames = 0;
        this.control.attach(null);
        this.#setControl(null);
        // A curtain that is down stays so until the room says otherwise: the picture may be an old one.
        this.privacy.forget();
        this.pointing.clear();
        this.#setClipboard(null);
        // What is on its way goes on by the next connection.
        this.files.attach(null);
        this.deskSize.update(null);
    }

    #changed() {
        this.dispatchEvent(new Event('change'));
    }
}

/** Why the room has ended somebody's stay, by the code with which it closes the connection. */
const REASONS = { 4005: 'tokenWithdrawn' };
