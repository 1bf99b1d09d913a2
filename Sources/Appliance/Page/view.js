import { current, quantity, say } from './catalogue.js';
import { controlAnnouncement, controlWords } from './control-words.js';
import { privacyAnnouncement, privacyLine } from './privacy-words.js';

const element = (id) => document.getElementById(id);

/** Writes what there is to know into the page. Elements are looked up by id; tests use the same ids. */
export class View {
    #control = { mine: false, holder: null, drivers: [] };
    #privacy = { curtain: false, masked: false, clear: true };
    #people = '';
    #action = null;
    #notice = 0;
    /** Whether something has been told for the same reason, a message of the room's or a key. */
    #isJustTold = false;

    constructor() {
        this.elements = Object.fromEntries(
            [...document.querySelectorAll('[id]')].map((found) => [found.id, found]),
        );
    }

    showWelcome(error = '') {
        this.#show('welcome');
        element('join-error').textContent = error;
        element('name').focus();
    }

    showRoom() {
        this.#show('room');
    }

    /** @param {boolean} isHeard whether the room knows that this person has left */
    showLeft(isHeard) {
        this.#show('left');
        element('left-title').textContent = say('left.title');
        element('rejoin').textContent = say('left.again');
        for (const id of ['rejoin', 'rejoin-other']) element(id).hidden = false;
        element('left-text').textContent = say(isHeard ? 'left.text' : 'left.unheard');
        element('rejoin').focus();
        this.announce(say('left.said'));
    }

    /** The room has ended this person's stay, and says why. */
    showEnded({ code, words }) {
        this.#show('left');
        const kind = ENDINGS.find((one) => code?.startsWith(one)) ?? 'removed';
        element('left-title').textContent = say(`ended.${kind}`);
        element('left-text').textContent = words;
        const mayAsk = kind === 'turnedAway';
        element('rejoin').hidden = kind === 'removed';
        element('rejoin').textContent = say(mayAsk ? 'ended.again' : 'left.again');
        element('rejoin-other').hidden = true;
        (element('rejoin').hidden ? element('left-title') : element('rejoin')).focus();
        this.announce(say('sentence', { words: say(`ended.${kind}`) }) + ' ' + words);
    }

    showWait() {
        this.#show('wait');
    }

    showLink() {
        this.#show('link');
    }

    #show(view) {
        for (const id of VIEWS) element(id).hidden = id !== view;
        // Of views that nobody sees nothing leads anywhere: what is first on the page then is the way to the desk.
        for (const link of document.querySelectorAll('a.check-link')) {
            if (link.closest(`#${view}`)) link.href = 'check';
            else link.removeAttribute('href');
        }
    }

    /** @param {{key: string, tone: string, line: string, banner: object | null}} state from `states.js` */
    state({ tone, line, banner, isStale }, isPictureShown) {
        element('room').dataset.picture = !isPictureShown ? 'none' : isStale ? 'stale' : 'live';
        const status = element('status');
        status.dataset.tone = tone;
        write(element('status-line'), line);
        status.title = line;
        write(element('waiting-line'), line);
        element('waiting').hidden = isPictureShown || banner !== null;
        element('banner').hidden = !banner;
        if (!banner) return;
        element('banner').dataset.tone = tone;
        // What keeps somebody out is said at once; what is being worked on when there is a pause.
        element('banner').setAttribute('role', tone === 'problem' ? 'alert' : 'status');
        element('banner-support').hidden = !banner.isForSupport;
        if (!banner.isForSupport) element('support-fold').open = false;
        write(element('banner-title'), banner.title);
        write(element('banner-text'), banner.text);
        this.#action = banner.action ?? null;
        const button = element('banner-action');
        button.hidden = !this.#action;
        if (this.#action) write(button, say(`action.${this.#action}`));
    }

    /** What the banner's button does at present. */
    get action() {
        return this.#action;
    }

    control(facts) {
        const words = controlWords(facts);
        const button = element('control');
        button.dataset.state = words.state;
        button.setAttribute('aria-pressed', String(facts.mine));
        button.setAttribute('aria-disabled', String(!facts.isJoined));
        element('room').dataset.control = words.state;
        write(element('control-label'), words.label);
        write(element('control-hint'), words.hint);
        element('control-hint').hidden = !words.hint;
        element('keys').disabled = !facts.mine;
        element('skip').hidden = !facts.mine;
        element('leave-note').hidden = !facts.mine;
        const announcement = controlAnnouncement(this.#control, facts);
        this.#control = facts;
        if (!announcement) return;
        // What has just been told is part of it.
        if (!this.#isJustTold) element('notice').hidden = true;
        this.announce(announcement);
    }

    /** How many there are. */
    people(people) {
        const state = `${people.length} ${current().tag}`;
        if (state === this.#people) return;
        this.#people = state;
        write(element('people-count'), quantity(people.length));
        write(element('people-words'), say('people.count', { count: people.length }));
    }

    /** @param {Privacy} privacy what is hidden of the desk */
    privacy(privacy) {
        const { curtain, masked, clear, sound, mayHide } = privacy;
        const line = privacyLine(privacy);
        element('curtain').hidden = !curtain || clear;
        element('curtain-silent').hidden = sound;
        write(element('privacy-line'), line);
        element('privacy-line').hidden = !line;
        for (const id of ['curtain-button', 'mask-button', 'curtain-help']) element(id).hidden = !mayHide;
        element('curtain-button').setAttribute('aria-pressed', String(curtain));
        const announcement = privacyAnnouncement(this.#privacy, { curtain, masked, clear });
        this.#privacy = { curtain, masked, clear };
        if (announcement) this.announce(announcement);
    }

    sound(state) {
        element('sound-button').setAttribute('aria-pressed', String(state === 'on' || state === 'none'));
    }

    /** For eyes and ears, for a few seconds. */
    notice(words) {
        if (element('room').hidden) return write(element('join-error'), words);
        const notice = element('notice');
        const before = this.#isJustTold && !notice.hidden && notice.textContent !== words ? `${notice.textContent} ` : '';
        notice.hidden = false;
        write(notice, before + words);
        this.#isJustTold = true;
        queueMicrotask(() => (this.#isJustTold = false));
        this.#hideSoon(notice);
    }

    /** Long enough to be read, by somebody who looks at the page. */
    #hideSoon(notice) {
        clearTimeout(this.#notice);
        this.#notice = setTimeout(() => {
            if (document.hidden) this.#hideSoon(notice);
            else notice.hidden = true;
        }, Math.max(NOTICE, notice.textContent.length * LETTER));
    }

    /** For screen readers. */
    announce(words) {
        element('announcement').textContent = words;
    }
}

/** A live region speaks whenever it is written to: only what is new is. */
function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
}

const VIEWS = ['welcome', 'room', 'left', 'link', 'wait'];

/** Ways in which the room ends somebody's stay, as its codes begin. */
const ENDINGS = ['removed', 'sessionEnded', 'turnedAway'];

// Milliseconds: at least, and for each letter.
const NOTICE = 6000;
const LETTER = 80;
