/** English: copying and pasting between this device and the desk. */
export const enCopying = {
    'clipboard.copied': 'What was copied on the desk is on your clipboard.',
    'clipboard.has.picture': 'A picture was copied on the desk.',
    'clipboard.has.text': 'Text was copied on the desk.',
    'clipboard.none': 'Nothing was copied on the desk.',
    'clipboard.not.broken': 'The connection did not carry it. Try again.',
    'clipboard.not.busy': 'The clipboard is busy. Try again shortly.',
    'clipboard.not.cancelled': 'It was not pasted.',
    'clipboard.not.deskAway': 'The desk’s clipboard is not there at the moment.',
    'clipboard.not.empty': 'Nothing was copied on the desk that could be carried.',
    'clipboard.not.notAllowed': 'To paste something to the desk you have to be in control of its keyboard, and to be allowed to.',
    'clipboard.not.nothing': 'There is nothing on your clipboard that could be put on the desk.',
    'clipboard.not.unanswered': 'The program on the desk did not answer.',
    'clipboard.not.unchanged': 'Nothing was copied on the desk.',
    'clipboard.putting': 'Your clipboard is on its way to the desk, and what you press waits for it. Escape gives it up.',
    'clipboard.ready': 'Something was copied on the desk. Your browser wants you to press “Copy from the desk”.',
    'clipboard.tooLarge': 'That is too large for the clipboard: at most {size} MB are carried.',
};
