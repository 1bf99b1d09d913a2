import { activityName, activityNews, activityWords, localized } from './activities-words.js';
import { say } from './catalogue.js';
import { isolated, shownText } from './client/foreign.js';

/** The section of the desk's panel in which activities are started and stopped, and the desk is reset. */
export class ActivitiesPanel {
    #at;
    #room;
    #activities;
    #tell;
    #announce;
    /** By activity: what shows it, so that whoever is there with the keyboard stays there. */
    #items = new Map();

    /**
     * @param {{at: Record<string, HTMLElement>, room: Room, activities: Activities, tell: (words: string) => void,
     *     announce: (words: string) => void}} parts
     */
    constructor({ at, room, activities, tell, announce }) {
        this.#at = at;
        this.#room = room;
        this.#activities = activities;
        this.#tell = tell;
        this.#announce = announce;
        at['reset-button'].addEventListener('click', () => this.#confirm(true));
        at['reset-no'].addEventListener('click', () => this.#confirm(false));
        at['reset-yes'].addEventListener('click', () => {
            this.#confirm(false);
            if (!activities.reset()) this.#tell(say('room.unreached'));
        });
        room.addEventListener('message', ({ detail }) => {
            if (detail.type === 'activities') activities.update(detail);
        });
        room.addEventListener('change', () => {
            if (!room.isJoined) activities.forget();
        });
        room.standing.addEventListener('change', () => this.render());
        activities.addEventListener('change', () => this.render());
        activities.addEventListener('news', ({ detail }) => this.#report(detail));
        this.render();
    }

    render() {
        const at = this.#at;
        const { list, isResetting, deletesHome } = this.#activities;
        const isShown = list !== null && this.#room.standing.may('arrange');
        at.activities.hidden = !isShown;
        if (!isShown) return this.#confirm(false, false);
        for (const [id, item] of this.#items) {
            if (list.some((one) => one.id === id)) continue;
            item.element.remove();
            this.#items.delete(id);
        }
        for (const activity of list) this.#write(activity);
        at['activities-none'].hidden = list.length > 0;
        at['reset-button'].setAttribute('aria-disabled', String(isResetting));
        write(at['reset-state'], isResetting ? say('reset.now') : '');
        write(at['reset-files'], say(deletesHome ? 'reset.filesGo' : 'reset.filesStay'));
    }

    #write(activity) {
        const { id, comment, comments, state } = activity;
        const { name, note, words, button } = this.#items.get(id) ?? this.#add(id);
        const shown = activityName(activity);
        if (name.textContent !== shown) name.replaceChildren(isolated(shown));
        write(note, shownText(localized(comment, comments)));
        note.hidden = !note.textContent;
        write(words, activityWords(activity));
        words.dataset.state = state;
        const isOn = state === 'running' || state === 'starting';
        write(button, say(isOn ? 'activity.stop' : 'activity.start'));
        button.setAttribute('aria-label', say(isOn ? 'activity.stopName' : 'activity.startName', { name: shown }));
        button.setAttribute('aria-disabled', String(state === 'stopping' || this.#activities.isResetting));
        button.hidden = state === 'always';
    }

    #add(id) {
        const make = (name, className = '') => Object.assign(document.createElement(name), { className });
        const [element, about] = [make('li', 'activity'), make('div')];
        const item = { element, name: make('p', 'name'), note: make('p', 'note'), words: make('p', 'note') };
        item.words.classList.add('words');
        item.button = Object.assign(make('button'), { type: 'button', id: `activity-${id}` });
        item.words.id = `activity-${id}-words`;
        item.button.setAttribute('aria-describedby', item.words.id);
        item.button.addEventListener('click', () => this.#press(id));
        about.append(item.name, item.note, item.words);
        element.append(about, item.button);
        this.#at['activities-list'].append(element);
        this.#items.set(id, item);
        return item;
    }

    #press(id) {
        const activities = this.#activities;
        const state = activities.list?.find((one) => one.id === id)?.state;
        if (!state || state === 'stopping' || activities.isResetting) return;
        const isOn = state === 'running' || state === 'starting';
        if (!(isOn ? activities.stop(id) : activities.start(id))) this.#tell(say('room.unreached'));
    }

    #confirm(isAsked, isFocused = true) {
        const at = this.#at;
        const had = !at['reset-sure'].hidden;
        if (isAsked && this.#activities.isResetting) return;
        at['reset-sure'].hidden = !isAsked;
        at['reset-button'].hidden = isAsked;
        if (isAsked) {
            at['reset-no'].focus();
            at['reset-sure'].scrollIntoView({ block: 'nearest' });
        } else if (had && isFocused) {
            at['reset-button'].focus();
        }
    }

    /** What has gone wrong, and that the desk is new, everybody sees; the rest is for those who do not see the list. */
    #report(news) {
        const words = activityNews(news);
        if (news.kind === 'running' || news.kind === 'ended') this.#announce(words);
        else this.#tell(words);
    }
}

function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
}
