/** English: whom the desk's programs hear. */
export const enEars = {
    'ears.note': 'Programs on the desk can record whoever is chosen here, until their microphone goes off.',
    'ears.all': 'All whose microphone is on',
    'ears.none': 'Nobody',
    'ears.closed': '(microphone off)',
    'ears.heard': 'heard by the desk',
    'ears.you': 'The desk’s programs hear you. Mute your microphone to end that.',
    'ears.starting': 'The desk is getting ready to listen…',
    'ears.noServer': 'The desk’s sound is not there at the moment. It is tried again by itself.',
    'ears.noSink': 'The desk’s sound server has no sink for people’s voices. Whoever runs the room can make one.',
    'reason.mayNotLetHear': 'You may not choose in this room whom the desk’s programs hear.',
    'reason.deskHearsNobody': 'The desk’s programs can hear nobody in this room. Whoever runs the room can change that '
        + '(desk.sound.people).',
    'reason.deskHearsOnlyOpen': 'The desk’s programs can hear only those whose microphone is on.',
    'reason.deskHearsTooMany': 'The desk’s programs can hear {most} people at once.',
};
