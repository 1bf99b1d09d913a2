/** English: what the room has not taken or has ended. `reason.…` is by the code that the room gives (reasons.js). */
export const enRefusals = {
    // Where all that is known is what it was about.
    'refused.any': 'The room has not taken what this page has asked for. Reload it if that goes on.',
    'refused.chat': 'Your line in the chat was not taken.',
    'refused.join': 'The room does not let you in at the moment.',
    'refused.name': 'The room does not take this name. Choose another one.',
    'refused.publish': 'Your camera or microphone is not sent to the others.',
    'refused.publishOffer': 'Your control, camera and microphone could not be connected.',
    'refused.requestControl': 'The room has not taken your request for control.',
    'refused.subscribe': 'The desk and the others could not be connected.',
    'refused.subscribeAnswer': 'The desk and the others could not be connected.',
    'refused.restartSubscribe': 'The desk and the others could not be connected again.',
    'refused.misunderstood': 'The room does not understand this page. Reload it if that goes on. ({reason})',

    // Coming in.
    'reason.nameEmpty': 'A name has at least one character that can be seen.',
    'reason.nameHidden': 'The name has characters that cannot be seen or that turn text around; type it anew.',
    'reason.nameMarks': 'The name has more accents on a letter than can be shown.',
    'reason.nameTooLong': 'A name has 1 to 64 characters.',
    'reason.roomClosing': 'This room is being shut down and lets nobody new in. Ask whoever sent you the link how it '
        + 'goes on.',
    'reason.roomFull': 'The room is full.',
    'reason.tooManyFromAddress': 'Too many people came from your network address at once. Try again in a moment.',
    'reason.mustBeLetIn': 'Somebody has to let you in. Try again in a moment.',
    'reason.joinedAlready': 'This page has joined already.',
    'reason.notJoined': 'Join first.',
    'reason.notRecorded': 'Nobody can come in at the moment: the room cannot record who does. Tell whoever runs it.',
    'reason.tooManySharing': 'There are {most} people in the room already who share your network address. Whoever '
        + 'runs the room can allow more (session.sharing).',

    // The link that somebody has opened.
    'reason.tokenBadClaim': 'This link was made wrongly (“{claim}” is missing or not understood). Tell whoever '
        + 'sent it to you.',
    'reason.tokenDamaged': 'This link is incomplete or was changed on the way. Open it again as it was sent to '
        + 'you, or ask for a new one.',
    'reason.tokenTooLong': 'This link is incomplete or was changed on the way. Open it again as it was sent to '
        + 'you, or ask for a new one.',
    'reason.tokenExpired': 'This link has expired. Ask whoever sent it to you for a new one.',
    'reason.tokenForged': 'This link is not from anybody this room knows. Open it again as it was sent to you, or '
        + 'ask for a new one.',
    'reason.tokenMissing': 'A link of your own opens this room. Open the one that was sent to you, or ask for it.',
    'reason.tokenNotYetValid': 'This link is not valid yet. Come back {when}.',
    'reason.tokenOtherAudience': 'This link is for another service. Ask whoever sent it to you for one to this room.',
    'reason.tokenOtherRoom': 'This link is for another room. Look for the one to this room, or ask for it.',
    'reason.tokenSpent': 'This link works only once and has been used. Ask whoever sent it to you for a new one.',
    'reason.tokenSpentIsFull': 'This room takes no more links that work only once. Ask whoever sent it to you for '
        + 'another kind of link.',
    'reason.tokenTooManyTries': 'There were too many tries with links that are not valid. Wait {wait}, then try again.',
    'reason.tokenWithdrawn': 'This link has been withdrawn. Ask whoever sent it to you what to do.',
    'reason.tokenUnknownKey': 'This link is not from anybody this room knows. Open it again as it was sent to '
        + 'you, or ask for a new one.',
    'reason.tokenUnsupported': 'This link is not from anybody this room knows. Open it again as it was sent to '
        + 'you, or ask for a new one.',
    'reason.tokenWrongAlgorithm': 'This link is not from anybody this room knows. Open it again as it was sent to '
        + 'you, or ask for a new one.',

    // What somebody in the room has done.
    'reason.removed': 'You have been removed from this session.',
    'reason.removedFor': 'You have been removed from this session: {reason}',
    'reason.sessionEnded': 'The session has ended. You can close this page.',
    'reason.sessionEndedStopped': 'The session has ended, because the room was shut down. You can close this page.',
    'reason.sessionEndedTime': 'The time for this session is over. You can close this page.',
    'reason.turnedAway': 'You are not let in at the moment.',
    'reason.turnedAwayFor': 'You are not let in at the moment: {reason}',
    'reason.beyondYourRights': 'You cannot give a right that you do not have.',
    'reason.lastWithRight': 'Somebody has to be left in the room who can let people in and switch rights.',
    'reason.lineTooLong': 'This is too long: 300 characters are the most.',
    'reason.noPlaceToAdmit': 'There is no place left in the room.',
    'reason.notYourself': 'You cannot do this to yourself.',
    'reason.onlyClinicians': 'Only a clinician can do this to a clinician.',
    'reason.personNotThere': 'This person is not there any more.',

    // What this person has no right to.
    'reason.mayNot': 'You may not do this in this room.',
    'reason.mayNotArrange': 'You may not arrange the desk in this room.',
    'reason.mayNotChat': 'You may read the chat in this room, but not write to it.',
    'reason.mayNotControl': 'You may watch the desk in this room, but not drive it.',
    'reason.mayNotGrant': 'You may not give control to somebody else in this room.',
    'reason.mayNotHear': 'You may not hear others in this room.',
    'reason.mayNotLetHear': 'You may not choose in this room whom the desk’s programs hear.',
    'reason.mayNotMask': 'You may not hide anything of the desk in this room.',
    'reason.mayNotSee': 'You may not see others in this room.',
    'reason.mayNotWatchOutside': 'You may not watch the desk by another program than the room’s page (the right watchOutside).',
    'reason.mayNotPublishOutside': 'You may not send by another program than the room’s page (the right publishOutside).',
    'reason.mayNotSpeak': 'You may not send your microphone in this room.',
    'reason.mayNotShow': 'You may not send your camera in this room.',

    // Control.
    'reason.controlAsked': '{name} is in control, and has been told that you ask.',
    'reason.controlKept': '{name} would like to keep it for now.',
    'reason.controlUnavailable': 'Nobody can be given control now.',
    'reason.controlInTurns': 'Control goes in turns for now, and this is not yours.',
    'reason.turnsNobodyElse': 'Nobody else is there whose turn it could be.',
    'reason.turnsNotOn': 'Nobody takes turns at the moment.',
    'reason.turnsTooFew': 'It takes two people to take turns who are here and may drive the desk.',
    'reason.controlIdle': 'Control has passed on: nothing came from you for a while.',
    'reason.controlRevoked': 'You may not drive the desk any more.',
    'reason.controlAskedClinician': 'Whoever may give control has been told that you ask.',
    'reason.controlAskedConsent': 'The client is asked for consent first.',
    'reason.controlAskedOf': '{name} has been told that you ask.',
    'reason.controlConsentWithdrawn': 'The client does not consent to it any more.',
    'reason.controlDeclined': '{name} has said no for now.',
    'reason.controlDeskRestarted': 'The desk was started again. Ask for control anew.',
    'reason.controlLocked': 'You are to watch for now.',
    'reason.controlNoConsent': 'There is no consent that you drive the desk.',
    'reason.controlNotToThem': 'This person cannot be given control at the moment.',
    'reason.controlTakenBack': 'Control was taken back.',
    'reason.controlNoHandFree': 'As many people drive at once as may.',
    'reason.controlTimeIsUp': 'Your time in control is over.',

    // Chat.
    'reason.chatEmpty': 'There was nothing in your message that can be seen.',
    'reason.chatTooLong': 'Your message is too long. Shorten it, or send it in parts.',
    'reason.chatNotText': 'Your message was not text.',
    'reason.chatTooFast': 'That was too many messages at once. Wait a moment.',

    'reason.roomStopping': 'The room is being shut down: the session ends {when}.',
    'reason.timeAlmostOver': 'The time for this session is almost over: it ends {when}.',
    'reason.auditFails': 'What happens in this room cannot be recorded at the moment. Nobody new is let in until it '
        + 'can.',

    // Media.
    'reason.noVideoDecoder': 'This browser cannot show the desk: it decodes neither H.264 nor VP8.',
    'reason.oneMicrophone': 'The room takes one microphone a person.',
    'reason.oneCamera': 'The room takes one camera a person.',
    'reason.microphoneNotTaken': 'Your microphone cannot be sent: the room does not take it as it is offered.',
    'reason.cameraNotTaken': 'Your camera cannot be sent: the room does not take it as it is offered.',
    'reason.tooMuchSent': 'Your camera or microphone sends more than the room passes on, so part of it is left out. '
        + 'Switch it off and on again.',
    'reason.connectionFailed': 'The room could not set up your connection. Reload the page.',

    // The desk.
    'reason.layoutFailed': 'The desk cannot have that keyboard layout, and keeps the one that it has.',
    'reason.cannotHide': 'Nothing of this desk can be hidden, because of the way in which it is captured. '
        + 'Whoever runs the room can change that (desk.capture).',
    'reason.activitiesTooFast': 'That was too much at once. Wait a moment.',
    'reason.activitiesTooMany': '{most} activities are running already. Stop one of them first.',
    'reason.activityUnknown': 'There is no such activity here.',
    'reason.deskBeingReset': 'The desk is being reset. It comes back by itself.',
    'reason.deskHearsNobody': 'The desk’s programs can hear nobody in this room. Whoever runs the room can change that '
        + '(desk.sound.people).',
    'reason.deskHearsOnlyOpen': 'The desk’s programs can hear only those whose microphone is on.',
    'reason.deskHearsTooMany': 'The desk’s programs can hear {most} people at once.',
    'reason.deskStarting': 'The desk is starting.',
    'reason.deskStopped': 'The desk stopped and is being started again.',
    'reason.screenLost': 'The desk’s screen went away and is being started again.',
    'reason.screenMissing': 'The desk’s screen is not there yet.',
    'reason.screenUnsuitable': 'The desk’s screen lacks what sharing it needs.',
    'reason.screenFormat': 'The desk’s screen has a format that cannot be shared.',
    'reason.sizeFixed': 'The size of this desk cannot be changed.',
    'reason.sizeOutOfRange': 'The desk can be 320 × 240 to {size} pixels large.',
    'reason.sizeRefused': 'The desk’s screen has not taken this size. It is as it was.',
    'reason.soundLost': 'The picture is live; the desk’s sound went away and is being started again.',
    'reason.soundMissing': 'The picture is live; the desk’s sound is not there yet.',
    'reason.encoderMissing': 'The desk cannot be shared: its video encoder is not installed.',
    'reason.encoderFailed': 'The desk’s video encoder failed and is being started again.',
};
