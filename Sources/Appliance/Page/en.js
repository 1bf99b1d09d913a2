import { enActivities } from './en-activities.js';
import { enClipboard } from './en-clipboard.js';
import { enDesk } from './en-desk.js';
import { enEars } from './en-ears.js';
import { enFiles } from './en-files.js';
import { enFloor } from './en-floor.js';
import { enHands } from './en-hands.js';
import { enModeration } from './en-moderation.js';
import { enOutside } from './en-outside.js';
import { enPage } from './en-page.js';
import { enPointing } from './en-pointing.js';
import { enPrivacy } from './en-privacy.js';
import { enLibrary } from './client/en-library.js';
import { enSize } from './en-size.js';
import { enTest } from './en-test.js';
import { enDrivers } from './en-drivers.js';
import { enTurns } from './en-turns.js';
import { enTyping } from './en-typing.js';
import { enWhy } from './en-why.js';

/**
 * English: what the page says, by id.
 *
 * `{value}` stands for what is put in. Several forms are chosen from by `count`, as the language wants it (CLDR's
 * plural categories). How ids are looked up: `catalogue.js`.
 */
export const en = {
    tag: 'en',
    name: 'English',
    direction: 'ltr',
    messages: {
        ...enLibrary.messages,
        ...enOutside,
        ...enPage,
        ...enPrivacy,
        ...enPointing,
        ...enActivities,
        ...enClipboard,
        ...enDesk,
        ...enEars,
        ...enFiles,
        ...enFloor,
        ...enHands,
        ...enModeration,
        ...enSize,
        ...enTest,
        ...enDrivers,
        ...enTurns,
        ...enTyping,
        ...enWhy,

        // The one line about how things are, and the banner over the desk (states.js).
        'state.connected': 'Connected',
        'state.unsupported.line': 'Not supported',
        'state.unsupported.title': 'This browser cannot show the desk',
        'state.unsupported.text': 'It has no WebRTC, or it is switched off. A current Firefox, Chrome, Edge or '
            + 'Safari works.',
        'state.replaced.line': 'Open elsewhere',
        'state.replaced.title': 'You joined again in another window',
        'state.replaced.text': 'This window is no longer part of the room.',
        'state.displaced.line': 'Not in the room',
        'state.displaced.title': 'Your place in the room went to somebody else',
        'state.displaced.text': 'The room had not heard of this page for a while.',
        'state.offline.line': 'This device is offline',
        'state.offline.title': 'This device has no network',
        'state.offline.text': 'Nothing is lost: the page takes up where it was as soon as there is one.',
        'state.reconnecting.line': 'Reconnecting…',
        'state.reconnecting.title': 'The connection to the room is lost',
        'state.reconnecting.live': 'The picture goes on meanwhile.',
        'state.reconnecting.text': 'The page keeps trying, and takes up where it was.',
        'state.reconnecting.long': 'The page keeps trying. If this lasts, load it anew: the browser may have to ask you '
            + 'about the room’s certificate once more, which it cannot do from here.',
        'state.joining.line': 'Connecting to the room…',
        'state.unreachable.line': 'Room not reached',
        'state.unreachable.title': 'The room cannot be reached',
        'state.unreachable.text': 'Either it is not running, or something on the way does not let WebSocket '
            + 'connections through. The page keeps trying.',
        'state.noPath.line': 'No connection for media',
        'state.noPath.text': 'The room answers, but no UDP gets through between it and this device. A firewall, a '
            + 'VPN or a guest network is the usual reason. The page keeps trying; another network may help at once.',
        'state.insecure.line': 'Not secured',
        'state.insecure.text': 'There is a path to the room, but the encryption (DTLS) could not be set up on it. '
            + 'Something on the way may let only some packets through.',
        'state.lost.line': 'Reconnecting…',
        'state.lost.text': 'The network has dropped the path to the room. The page is looking for another one.',
        'state.failed.line': 'Not connected',
        'state.connecting.text': 'This takes longer than usual. The page keeps trying.',
        'state.pictureBlocked.line': 'Picture paused',
        'state.pictureBlocked.title': 'The browser has paused the picture',
        'state.pictureBlocked.text': 'It plays only after a click.',
        'state.firstFrame.line': 'Waiting for the picture…',
        'state.noFrame.line': 'No picture',
        'state.noFrame.title': 'Connected, but no picture arrives',
        'state.noFrame.text': 'The room is reached and the connection stands, but not one frame has been shown. '
            + 'Either the desk sends none, or this browser cannot decode its video.',
        'state.noChannel.line': 'No control',
        'state.noChannel.title': 'You can watch, but not take control',
        'state.noChannel.text': 'The control channels to the room did not open.',
        'state.soundBlocked.line': 'Connected, sound off',
        'state.soundBlocked.title': 'The sound is off',
        'state.soundBlocked.text': 'The browser wants a click before it plays sound.',
        'state.weakNetworkDesk.line': 'Your connection is weak: desk paused',
        'state.weakNetworkDesk.title': 'The desk’s picture is paused',
        'state.weakNetworkDesk.text': 'Your network is too weak for it at the moment. It goes on by itself; the '
            + 'sound has precedence.',
        'action.again': 'Try again',
        'action.here': 'Join here',
        'action.sound': 'Turn on sound',

        // The two connections.
        'connection.subscribe.line': 'Connecting picture and sound…',
        'connection.subscribe.slow': 'Still connecting picture and sound',
        'connection.subscribe.noPath': 'Picture and sound cannot get through',
        'connection.subscribe.insecure': 'The connection for picture and sound could not be secured',
        'connection.subscribe.lost': 'Picture and sound are interrupted',
        'connection.publish.line': 'Connecting control…',
        'connection.publish.slow': 'Still connecting control',
        'connection.publish.noPath': 'Control cannot get through',
        'connection.publish.insecure': 'The connection for control could not be secured',
        'connection.publish.lost': 'Control is interrupted',

        // The desk, by its state.
        'desk.starting.line': 'Desk is starting…',
        'desk.starting.title': 'The desk is starting',
        'desk.starting.text': 'The picture appears by itself.',
        'desk.restarting.line': 'Desk is restarting…',
        'desk.restarting.title': 'The desk is starting again',
        'desk.restarting.text': 'The picture comes back by itself. Nobody has left the room.',
        'desk.waitingForScreen.line': 'Waiting for the screen…',
        'desk.waitingForScreen.title': 'The desk has no screen at the moment',
        'desk.waitingForScreen.text': 'The picture comes back as soon as there is one.',
        'desk.waitingForSound.line': 'Connected, no sound',
        'desk.waitingForSound.title': 'The desk has no sound at the moment',
        'desk.waitingForSound.text': 'Picture and control work. The sound comes back by itself.',
        'desk.failed.line': 'Desk has failed',
        'desk.failed.title': 'The desk does not work',
        'desk.failed.text': 'Whoever runs the room has to look after it.',

        // One's own network, and how good the picture is.
        'network.smallDesk': 'Your connection is weak: showing a smaller desk',
        'network.cameras': {
            one: 'Your connection is weak: one camera paused',
            other: 'Your connection is weak: {count} cameras paused',
        },
        'network.loss': 'Your connection is unsteady: some of it gets lost',
        'network.delay': 'Your connection is slow: {delay}',
        'network.uplink': 'Your connection is weak: your camera is sent smaller',
        'network.processor': 'This device is busy: camera sent smaller',
        'network.deskPaused': 'Your connection is weak: the desk’s picture is paused',
        'network.good': 'Your connection is good',
        'sentence': '{words}.',
        'network.delayed': '{words} ({delay} to the room and back).',
        'network.lossy': '{words} ({share} lost on the way).',
        'network.measured': '{words} ({delay} to the room and back, {share} lost on the way).',
        'quality.delay': 'From your hand to the picture: {delay}.',
        'quality.none': 'Nothing is received yet.',
        'quality.whole': 'Desk picture {width} × {height}. {network}',
        'quality.reduced': 'Desk picture {width} × {height}, of {fullWidth} × {fullHeight}. {network}',

        // Control of the desk.
        'control.free': 'Ask for control',
        'control.mine': 'You are in control',
        'control.asking': 'Asking for control…',
        'control.waiting': 'Waiting for control',
        'control.waitingFor': 'Waiting for {name}',
        'control.other': '{name} is in control',
        'control.release': 'Release',
        'control.cancel': 'Cancel',
        'control.ask': 'Ask',
        'control.said.mine': 'You are in control. Keys go to the desk. Press Control, Alt and Shift together to come '
            + 'back to the buttons.',
        'control.said.passed': '{name} is in control now.',
        'control.said.ended': 'You are no longer in control.',
        'control.said.other': '{name} is in control.',
        'control.said.nobody': 'Nobody is in control.',
        'control.press': 'Ask for control to use the desk.',
        'control.pressWaiting': 'You are waiting for control.',
        'request.line': '{name} asks for control',
        'request.lineMore': {
            one: '{name} asks for control, and one more waits',
            other: '{name} asks for control, and {count} more wait',
        },
        'request.spoken': '{name} asks for control. Press Control, Alt and Shift together to answer.',
        'request.note': 'No answer is a No. Only if you have done nothing for a while it passes on by itself.',

        // People.
        'name.guest': 'Guest',
        'person.you': '(you)',
        'person.holder': 'in control',
        'person.noMicrophone': 'no microphone',
        'person.microphoneOn': 'microphone on',
        'person.muted': 'muted',
        'person.speaking': 'speaking',
        'person.reconnecting': 'reconnecting',
        'person.pinned': 'pinned',
        'person.cameraOn': 'camera on',
        'person.cameraOff': 'camera off',
        'person.cameraHeld': 'camera kept back by this device',
        'person.cameraForeign': 'camera on, but this browser cannot show it',
        'person.cameraPaused': 'camera paused to keep the desk clear',
        'person.cameraStuck': 'camera on, but no picture arrives',
        'person.picture.sharp': 'sharp picture',
        'person.picture.medium': 'medium picture',
        'person.picture.small': 'small picture',
        'tile.held': 'Kept back by this device',
        'tile.reconnecting': 'Reconnecting…',
        'tile.foreign': 'This browser cannot show this camera',
        'tile.paused': 'Paused to keep the desk clear',
        'tile.stuck': 'No picture arrives',
        'tile.pin': 'Pin',
        'tile.pinName': 'Pin {name}',
        'tile.enlarge': 'Full screen',
        'tile.enlargeName': '{name} in full screen',
        'news.joined': { one: '{names} joined.', other: '{names} joined.' },
        'news.left': { one: '{names} left.', other: '{names} left.' },
        'news.muted': { one: '{names} is muted.', other: '{names} are muted.' },
        'news.unmuted': { one: '{names} has the microphone on.', other: '{names} have the microphone on.' },
        'news.others': '{count} others',
        'news.wrote': '{name} wrote in the chat.',

        // Chat.
        'chat.unread': { one: 'Chat, {count} unread', other: 'Chat, {count} unread' },
        'chat.you': 'You',
        'chat.sending': 'sending…',
        'chat.undelivered': 'Not delivered.',
        'chat.again': 'Send again',
        'chat.lost': 'A line of yours in the chat was not delivered. Open it to send it again.',

        // Other news for whoever sits before the page.
        'drop.file': 'Files cannot be put on the desk there. Nothing has been opened or sent.',
        'drop.other': 'Nothing can be dropped here.',
    },
};
