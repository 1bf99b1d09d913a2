import { Activities } from './activities.js';
import { ActivitiesPanel } from './activities-panel.js';
import { say } from './catalogue.js';
import { ClipboardPanel } from './clipboard-panel.js';
import { DeskroomClient, DeskSurface } from './client/deskroom-client.js';
import { ClosingView } from './closing-view.js';
import { CurtainKey } from './curtain-key.js';
import { ConferenceView } from './conference-view.js';
import { DeskEars } from './desk-ears.js';
import { DeskEarsView } from './desk-ears-view.js';
import { DeskLayout } from './desk-layout.js';
import { DeskPanel } from './desk-panel.js';
import { DeskSizeFit } from './desk-size-fit.js';
import { DeskSizeView } from './desk-size-view.js';
import { diagnosis } from './diagnosis.js';
import { Drops } from './drops.js';
import { FilesNotices } from './files-notices.js';
import { FilesPanel } from './files-panel.js';
import { FloorKeys } from './floor-keys.js';
import { FloorView } from './floor-view.js';
import { Frame } from './frame.js';
import { Hands } from './hands.js';
import { claimResume, forgetResume, saveName, savedName } from './client/identity.js';
import { writeLabels } from './labels.js';
import { InputWatch } from './input-watch.js';
import { language } from './language.js';
import { LanguageChoice } from './language-choice.js';
import { isLinkNeeded, linkName, savedLink, saveLink, takeLink, watchLink } from './link.js';
import { LinkView } from './link-view.js';
import { MaskDrawing } from './mask-drawing.js';
import { ModerationView } from './moderation-view.js';
import { OutsideView } from './outside-view.js';
import { PeopleList } from './people-list.js';
import { PointersView } from './pointers-view.js';
import { PointingInput } from './pointing-input.js';
import { Popup } from './popup.js';
import { PrivacyPanel } from './privacy-panel.js';
import { Requests } from './requests.js';
import { Screen } from './screen.js';
import { Shortcuts } from './shortcuts.js';
import { SupportFold } from './support-fold.js';
import { describe } from './states.js';
import { TurnTakingView } from './turn-taking-view.js';
import { personWords } from './tile-words.js';
import { personTurnWords, turnWords } from './turn-taking-words.js';
import { View } from './view.js';
import { WaitView } from './wait-view.js';
import { WakeLock } from './wake-lock.js';

language.start();
writeLabels(document);
const view = new View();
const at = view.elements;
// From where the browser had kept it, the page begins anew, as after a reload: the room still keeps the place.
const client = new DeskroomClient(location.href, { audio: at.sound, comeBack: () => location.reload() });
const { conference, room, sound, watch } = client;
const { clipboard, control, health, privacy, publish, signalling } = room;
const input = new InputWatch({ room, video: at.desk });
const details = () => watch.details({ input: input.figures });
const support = new SupportFold({ at, details });
const surface = new DeskSurface(client, { video: at.desk, pointer: at.pointer, keys: at.keys, screen: at.room });
const { picture, typing, viewport } = surface;
const clipboardPanel = new ClipboardPanel({
    at,
    clipboard,
    tell: (words) => view.notice(words),
    onPut: () => surface.clipboardKeys.handlePut(),
});
const hands = new Hands({ room, view, surface });
const pointersView = new PointersView({ room, at, picture, announce: (words) => view.announce(words) });
const { pointing } = room;
new PointingInput(at.desk, { pad: at['point-pad'], pointing, control, picture, viewport, onEnd: () => pointersView.end() });
const conferenceView = new ConferenceView({ conference, room, view, picture, viewport, input });
const onAnswered = () => (control.mine ? typing : at.control).focus();
const floorView = new FloorView({ room, view, onAnswered });
const turnTakingView = new TurnTakingView({ room, view });
const closing = new ClosingView({ room, view });
const requests = new Requests({
    turns: room.turns,
    drivers: room.drivers,
    at,
    announce: (words) => view.announce(words),
    onAnswered,
    isMine: () => control.mine,
    left: (until) => floorView.left(until),
});
new FloorKeys({ room, keys: at.keys, toQuestion });
const masks = new MaskDrawing({
    at,
    picture,
    privacy,
    announce: (words) => view.announce(words),
    onEnd: () => at['mask-button'].focus(),
});
const privacyPanel = new PrivacyPanel({
    at,
    privacy,
    onDraw: () => {
        viewport.whole();
        masks.begin();
    },
});
// What lay under a rectangle that is hidden may lie elsewhere once the desk has another size.
const hasRectangles = () => privacy.masked && privacy.details?.rectangles.length !== 0;
const deskSizeView = new DeskSizeView({
    at,
    deskSize: room.deskSize,
    standing: room.standing,
    isHeld: hasRectangles,
    tell: (words) => view.notice(words),
    announce: (words) => view.announce(words),
});
// A keyboard that comes up takes from the window what it gives back.
const deskSizeFit = new DeskSizeFit({
    deskSize: room.deskSize,
    picture,
    isHeld: () => hasRectangles() || typing.isRaised,
});
privacy.addEventListener('change', () => {
    deskSizeView.render();
    deskSizeFit.handleChange();
});
const curtain = () => {
    if (!privacy.setCurtain(!privacy.curtain, privacyPanel.keepsSound)) view.notice(say('room.unreached'));
};
new CurtainKey({ isThere: () => privacy.mayHide, press: curtain });
new Drops((words) => view.notice(words), {
    mayDrop: () => room.files.toDesk && room.isJoined,
    isOn: ({ clientX, clientY, target }) => at.stage.contains(target) && (picture.deskAt(clientX, clientY)?.isInside ?? false),
    drop: (files, { clientX, clientY }) => {
        const { x, y } = picture.deskAt(clientX, clientY);
        // Only who drives drops something on an application there.
        room.files.upload(files, control.mine ? { lease: control.lease, x, y } : null);
    },
});
new FilesNotices({ at, room, view });
const linkView = new LinkView({ view, onAgain: () => join(savedName() || say('name.guest'), null) });
const moderation = new ModerationView({ room, view });
const ears = new DeskEars(room);
const earsView = new DeskEarsView({ ears, room, at, tell: (words) => view.notice(words) });
const outsideView = new OutsideView({ room, at });
const peopleList = new PeopleList(at['people-list'], (person) => [
    ...(person.outside ? outsideView.actions(person) : floorView.actions(person)), ...moderation.actions(person),
]);
const waitView = new WaitView({ view, room, onLeave: leave });
new Screen({ room: at.room, button: at['fullscreen-button'] });
const wakeLock = new WakeLock();
new Frame({
    client,
    join: (name) => {
        const own = linkName(room.token) || name;
        saveName(own);
        join(own, null);
    },
    leave,
});
let state = describe(facts());

// What happens in the room.
room.addEventListener('change', render);
room.addEventListener('notice', ({ detail }) => view.notice(detail));
client.addEventListener('refused', ({ detail }) => {
    clear();
    if (linkView.isAbout(detail)) linkView.show(detail);
    else view.showWelcome(detail.message);
});
client.addEventListener('ended', ({ detail }) => {
    clear();
    view.showEnded({ code: detail.code, words: detail.message });
});
client.addEventListener('welcome', () => {
    if (!waitView.isShown) return;
    waitView.end();
    showRoom();
    view.announce(say('wait.admitted'));
});
control.addEventListener('change', controlChanged);
sound.addEventListener('change', render);
conference.voices.addEventListener('change', render);
conference.addEventListener('change', render);
watch.addEventListener('change', render);
surface.addEventListener('change', render);
surface.addEventListener('notice', ({ detail }) => view.notice(detail));
surface.addEventListener('announce', ({ detail }) => view.announce(detail));
surface.addEventListener('tap', () => view.notice(say(room.turns.isWaiting ? 'control.pressWaiting' : 'control.press')));
surface.addEventListener('leave', leaveDesk);
client.addEventListener('measured', ({ detail: { video } }) => {
    moderation.measured({
        video,
        isConnected: health.paths(performance.now()).subscribe.state === 'connected',
        isPaused: surface.isBlocked,
        isSoundBlocked: sound.state === 'blocked' || conference.voices.isBlocked,
    });
    render();
});

// What the person does.
at['welcome-form'].addEventListener('submit', (event) => {
    event.preventDefault();
    const name = at.name.value.trim() || say('name.guest');
    saveName(name);
    join(name, null);
});
at.control.addEventListener('click', () => {
    // Who has taken control back gives it to whose turn was interrupted.
    const isDone = control.mine && turnTakingView.mayResume ? turnTakingView.resume() : room.turns.toggle();
    if (!isDone) view.notice(say('room.unreached'));
});
at['curtain-button'].addEventListener('click', curtain);
at.skip.addEventListener('click', (event) => {
    event.preventDefault();
    typing.focus();
});
at['leave-button'].addEventListener('click', leave);
at.rejoin.addEventListener('click', () => join(savedName() || say('name.guest'), null));
at['rejoin-other'].addEventListener('click', () => view.showWelcome());
at['sound-button'].addEventListener('click', () => sound.toggle());
at['banner-action'].addEventListener('click', async () => {
    if (view.action !== 'sound') return room.joinAfresh();
    if (sound.state === 'blocked') sound.toggle();
    conference.voices.setOn(sound.state !== 'off');
    await surface.play();
    render();
});
new Popup({ button: at['people-button'], panel: at.people });
new Popup({ button: at['help-button'], panel: at.help });
new Popup({ button: at['clipboard-button'], panel: at.clipboard });
const filesPanel = new FilesPanel({
    at,
    room,
    popup: new Popup({ button: at['files-button'], panel: at.files }),
});
const deskLayout = new DeskLayout({ at, room });
const activities = new ActivitiesPanel({
    at,
    room,
    activities: new Activities((message) => room.isJoined && signalling.send(message)),
    tell: (words) => view.notice(words),
    announce: (words) => view.announce(words),
});
new DeskPanel({ at });
new Shortcuts(at.keys);

for (const id of ['language-choice', 'welcome-language', 'link-language', 'wait-language']) new LanguageChoice(at[id], language);
language.addEventListener('change', () => {
    writeLabels(document);
    masks.render();
    privacyPanel.render();
    hands.write();
    clipboardPanel.render();
    filesPanel.render();
    deskSizeView.render();
    deskLayout.render();
    activities.render();
    linkView.write();
    waitView.write();
    moderation.write();
    earsView.render();
    const { chat, media } = conference;
    for (const part of [room.turns, chat, media, conference]) part.dispatchEvent(new Event('change'));
    render();
});

window.deskroom = diagnosis({
    client, surface, deskLayout, state: () => state, input, details,
});
start();

async function start() {
    watchLink();
    const link = takeLink();
    if (link !== null && link !== savedLink()) {
        saveLink(link);
        // It may be somebody else's.
        forgetResume();
    }
    room.token = savedLink();
    if (!room.token && isLinkNeeded()) return linkView.show(null);
    const given = linkName(room.token);
    if (given) {
        saveName(given);
        at.name.readOnly = true;
        at['name-note'].hidden = true;
        at['name-given'].hidden = false;
    }
    at.name.value = savedName();
    const resume = at.name.value ? await claimResume() : null;
    if (resume) join(at.name.value, resume);
    else view.showWelcome();
}

function join(name, resume) {
    // First: the way to the room is made while the browser lays its page out.
    client.join(name, resume);
    showRoom();
}

function showRoom() {
    view.showRoom();
    wakeLock.set(true);
    at.stage.focus();
    render();
}

/** Asks nothing: whoever has left by mistake is back with one click. */
function leave() {
    const isHeard = client.leave();
    clear();
    view.showLeft(isHeard);
}

/** Nothing of the room is left on the page. */
function clear() {
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    surface.clear();
    waitView.end();
    moderation.clear();
    closing.clear();
    ears.update(null);
    Popup.closeAll();
    at.offer.hidden = true;
    wakeLock.set(false);
}

function leaveDesk() {
    control.releaseAll();
    if (!toQuestion()) at.control.focus();
}

/** To a question that waits for this person's answer; returns whether there is one. */
function toQuestion() {
    const found = floorView.isAsked ? floorView : requests.isShown ? requests : null;
    found?.focus();
    return found !== null;
}

function controlChanged() {
    const had = !at.keys.disabled;
    const hadFocus = document.activeElement === at.keys;
    render();
    // Whoever writes to the others when control comes at last must not go on writing on the desk.
    const isFree = [document.body, at.control, at.stage].includes(document.activeElement);
    if (control.mine && !had && (isFree || !room.turns.isWaiting)) typing.focus();
    // A field that is switched off drops the focus to nowhere.
    if (!control.mine && hadFocus) at.control.focus();
}

function facts() {
    const { state, failures, endCode } = signalling;
    const channels = Object.values(publish.channels ?? {});
    const now = performance.now();
    return {
        now,
        isSupported: typeof RTCPeerConnection === 'function',
        signalling: { state: room.isJoined ? 'joined' : state, failures, endCode, wasJoined: room.wasJoined },
        ...health.paths(now),
        channelsOpen: channels.length > 0 && channels.every(({ readyState }) => readyState === 'open'),
        desk: room.desk,
        frames: picture.isShown ? Math.max(1, health.frames) : 0,
        isPictureBlocked: surface.isBlocked,
        isOffline: navigator.onLine === false,
        sound: sound.state !== 'off' && conference.voices.isBlocked ? 'blocked' : sound.state,
        limits: conference.limits(),
        network: conference.network.state,
        failure: room.failure,
        why: watch.verdict,
    };
}

function render() {
    state = describe(facts());
    view.state(state, picture.isShown);
    support.update();
    const { isAsking, isWaiting } = room.turns;
    const { turnTaking, people, you } = room;
    view.control({
        mine: control.mine, holder: control.holder, drivers: room.drivers.everybody, you: you?.id, isAsking, isWaiting, isJoined: room.isJoined,
        turn: turnWords(turnTaking, people, you?.id), isYourTurn: turnTaking.isYours, passesOn: turnTaking.next !== null, mayResume: turnTakingView.mayResume,
    });
    view.people(room.people);
    peopleList.update(room.people, room.you, control.holder, (id) => [
        outsideView.words(id) || moderation.words(id), personWords(conference.tile(id)), floorView.words(id), personTurnWords(turnTaking, id), earsView.words(id),
    ]);
    outsideView.render();
    floorView.render();
    turnTakingView.render();
    requests.tick();
    moderation.render();
    view.sound(sound.state);
    view.privacy(privacy);
    conferenceView.render();
    client.askBeforeLeaving(control.mine || conference.media.isLive);
    hands.render();
}
