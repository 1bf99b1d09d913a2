import { Announcer } from './announcer.js';
import { captureState } from './client/capture-words.js';
import { say } from './catalogue.js';
import { ChatPanel } from './chat-panel.js';
import { DeviceOffer } from './device-offer.js';
import { Layout } from './layout.js';
import { Settings } from './settings.js';
import { SpeakerInSight } from './speaker-in-sight.js';
import { tab } from './client/storage.js';
import { Tiles } from './tiles.js';
import { Views } from './views.js';

/** The conference on the page: tiles, buttons, chat, and what is said about them. */
export class ConferenceView {
    #conference;
    #room;
    #view;
    #at;
    #tiles;
    #layout;
    #views;
    #announcer;
    #inSight;
    #seen = '';

    /**
     * @param {{conference: Conference, room: Room, view: View, picture: Picture, viewport: Viewport,
     *     input: InputWatch}} parts
     */
    constructor({ conference, room, view, picture, viewport, input }) {
        const at = view.elements;
        const { chat, media } = conference;
        this.#conference = conference;
        this.#room = room;
        this.#view = view;
        this.#at = at;
        const onPin = (person) => conference.pin(person);
        this.#tiles = new Tiles(at.tiles, { template: at['tile-template'], onPin });
        this.#layout = new Layout({ scene: at.scene, picture });
        const { isGrid, isHidden } = tab.readObject(ARRANGEMENT) ?? {};
        Object.assign(this.#layout, { isGrid: isGrid === true, isHidden: isHidden === true && isGrid !== true });
        this.#announcer = new Announcer((words) => (at.events.textContent = words));
        const send = (message) => conference.isOn && room.isJoined && room.signalling.send(message);
        this.#views = new Views({ send, desk: at.desk, viewport });
        new ChatPanel({ chat, at, announce: (words) => view.announce(words) });
        const measure = () => room.health.measure();
        new Settings({ at, conference, desk: () => room.desk, measure, delay: () => input.figures });
        this.#inSight = new SpeakerInSight(at.strip);
        new DeviceOffer({ at, media, announce: (words) => view.announce(words) });

        const layout = this.#layout;
        const press = (id, act) => at[id].addEventListener('click', act);
        press('microphone-button', () => this.#toggle(media.microphone, 'speak'));
        press('camera-button', () => this.#toggle(media.camera, 'camera'));
        press('grid-button', () => this.#arrange({ isGrid: !layout.isGrid }));
        press('strip-button', () => this.#arrange({ isHidden: !layout.isHidden }));
        media.addEventListener('notice', ({ detail }) => view.notice(detail));
        chat.addEventListener('message', ({ detail: { name } }) => {
            if (!chat.isOpen) this.#announcer.add(say('news.wrote', { name }));
        });
        chat.addEventListener('undelivered', () => {
            if (!chat.isOpen) view.notice(say('chat.lost'));
        });
        room.addEventListener('people', () => {
            if (conference.isOn) this.#announcer.people(room.people, room.you?.id);
        });
        room.addEventListener('welcome', () => this.#views.announce());
    }

    render() {
        const { media } = this.#conference;
        this.#at.room.dataset.conference = this.#conference.isOn ? 'on' : 'off';
        if (!this.#conference.isOn) return;
        const facts = this.#conference.tiles();
        this.#tiles.update(facts);
        if (this.#layout.isStrip) this.#inSight.update(facts);
        // Nobody needs to see that they are alone.
        const isShown = facts.length > 1 || facts.some(({ video }) => video);
        this.#layout.update({
            count: isShown ? facts.length : 0,
            hasPin: facts.some(({ isPinned }) => isPinned),
            hasDesk: !NO_DESK.has(this.#room.desk?.state),
            isDeskOnly: this.#room.floor.isWatching,
        });
        this.#capture('microphone', 'audio', media.microphone);
        this.#capture('camera', 'video', media.camera);
        this.#at['grid-button'].setAttribute('aria-pressed', String(this.#layout.isGrid));
        const isHidden = this.#layout.isHidden && !this.#layout.isGrid;
        this.#at['strip-button'].setAttribute('aria-pressed', String(!isHidden));
        this.#watch(facts);
    }

    /** What somebody has switched off is told at once, without asking the browser for the device. */
    #toggle(device, right) {
        if (device.track || this.#room.standing.may(right)) return device.toggle();
        this.#view.notice(say(right === 'speak' ? 'reason.mayNotSpeak' : 'reason.mayNotShow'));
    }

    #watch(facts) {
        const seen = JSON.stringify(facts.map(({ person, isPinned }) => [person, isPinned]));
        if (seen === this.#seen) return;
        this.#seen = seen;
        this.#views.watch(this.#tiles.elements.filter(({ dataset }) => dataset.own !== 'true'));
    }

    #arrange(change) {
        Object.assign(this.#layout, change);
        // What is hidden cannot be in a grid, and what is in a grid is not hidden.
        if (change.isGrid) this.#layout.isHidden = false;
        if (change.isHidden) this.#layout.isGrid = false;
        const { isGrid, isHidden } = this.#layout;
        tab.writeObject(ARRANGEMENT, { isGrid, isHidden });
        this.#layout.apply();
        this.render();
    }

    #capture(id, kind, { state, isBusy, problem }) {
        const button = this.#at[`${id}-button`];
        const words = captureState(kind, state, isBusy);
        const mayNot = !this.#room.standing.may(kind === 'audio' ? 'speak' : 'camera');
        button.setAttribute('aria-disabled', String(mayNot));
        const next = isBusy ? 'busy' : problem && state !== 'on' ? 'problem' : state;
        if (button.dataset.state === next && button.title === words) return;
        const was = button.dataset.state;
        button.dataset.state = next;
        button.title = words;
        button.setAttribute('aria-pressed', String(state === 'on'));
        button.setAttribute('aria-busy', String(isBusy));
        const microphone = state === 'muted' ? say('bar.microphoneMuted') : say('bar.microphone');
        button.setAttribute('aria-label', kind === 'audio' ? microphone : say('bar.camera'));
        const isNews = was && was !== next && !isBusy && next !== 'problem';
        if (isNews) this.#view.announce(say('sentence', { words }));
    }
}

const ARRANGEMENT = 'deskroom arrangement';
const NO_DESK = new Set(['failed', 'waitingForScreen']);
