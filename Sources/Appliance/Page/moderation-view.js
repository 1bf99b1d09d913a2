import { say } from './catalogue.js';
import { Lobby } from './lobby.js';
import { PageState } from './page-state.js';
import { PersonDialog } from './person-dialog.js';
import { SessionDialog } from './session-dialog.js';
import { WatchView } from './watch-view.js';

/** All that somebody has on the page who looks after others, and what every page does for them. */
export class ModerationView {
    #room;
    #at;
    #pageState;
    #lobby;
    #dialog;

    /** @param {{room: Room, view: View}} parts */
    constructor({ room, view }) {
        const at = view.elements;
        this.#room = room;
        this.#at = at;
        this.#pageState = new PageState((message) => room.isJoined && room.signalling.send(message));
        this.#lobby = new Lobby({ room, at, announce: (words) => view.announce(words) });
        const watch = new WatchView({ room, at });
        this.#dialog = new PersonDialog({ room, at, onWatch: (id) => watch.watch(id) });
        new SessionDialog({ at, oversight: room.oversight });
        at['mute-all'].addEventListener('click', () => room.oversight.mute());
        room.addEventListener('welcome', () => this.#pageState.announce());
        room.standing.addEventListener('change', () => this.render());
    }

    /** What can be done about a person in the list of people. */
    actions({ id, name }) {
        if (!this.#room.standing.isOverseer) return [];
        const act = () => this.#dialog.open(id);
        return [{ id: 'manage', text: say('people.manage'), label: say('people.manageName', { name }), act }];
    }

    /** What somebody is, for those who are told; of clinicians nothing is said. */
    words(id) {
        const role = this.#room.standing.of(id)?.role;
        return role && role !== 'clinician' ? say(`role.${role}`) : '';
    }

    render() {
        const { standing, people } = this.#room;
        this.#at['mute-all'].hidden = !standing.may('muteOthers') || people.length < 2;
        this.#at['end-session'].hidden = !standing.may('remove') || !standing.isClinician;
    }

    /** Once a second; see `PageState.measured`. */
    measured(facts) {
        if (this.#room.isJoined) this.#pageState.measured(facts);
    }

    /** Writes the words, in the language that is chosen. */
    write() {
        this.#lobby.render();
        this.#dialog.render();
    }

    /** Nothing of the room is left on the page. */
    clear() {
        for (const id of ['person', 'ending']) if (this.#at[id].open) this.#at[id].close();
        this.#at.lobby.hidden = true;
        this.#at.watch.hidden = true;
    }
}
