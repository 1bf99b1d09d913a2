/// What the room has not done, has ended, or says of the desk, as pages know it: they have words for it in the reader's
/// language under `reason.` and the raw value.
package enum RefusalCode: String, CaseIterable, Encodable, Hashable, Sendable {
    // Coming in.
    case joinedAlready, mustBeLetIn, notJoined, notRecorded, roomClosing, roomFull, tooManyFromAddress,
        tooManySharing
    case nameEmpty, nameHidden, nameMarks, nameTooLong

    // The link that somebody has opened.
    case tokenBadClaim, tokenDamaged, tokenExpired, tokenForged, tokenMissing, tokenNotYetValid,
        tokenOtherAudience, tokenOtherRoom, tokenSpent, tokenSpentIsFull, tokenTooLong, tokenTooManyTries,
        tokenUnknownKey, tokenUnsupported, tokenWithdrawn, tokenWrongAlgorithm

    // What somebody in the room, or whoever runs it, has done.
    case removed, removedFor, sessionEnded, sessionEndedStopped, sessionEndedTime, turnedAway, turnedAwayFor
    case beyondYourRights, lastWithRight, lineTooLong, noPlaceToAdmit, notYourself, onlyClinicians,
        personNotThere

    // What somebody has no right to.
    case mayNot, mayNotArrange, mayNotChat, mayNotControl, mayNotGrant, mayNotHear, mayNotLetHear, mayNotMask,
        mayNotPublishOutside, mayNotSee, mayNotShow, mayNotSpeak, mayNotWatchOutside

    // Control.
    case controlAsked, controlAskedClinician, controlAskedConsent, controlAskedOf, controlConsentWithdrawn,
        controlDeclined, controlDeskRestarted, controlIdle, controlInTurns, controlKept, controlLocked,
        controlNoConsent, controlNoHandFree,
        controlNotToThem,
        controlRevoked, controlTakenBack, controlTimeIsUp, controlUnavailable
    case turnsNobodyElse, turnsNotOn, turnsTooFew

    case chatEmpty, chatNotText, chatTooFast, chatTooLong

    /// To people in the room.
    case auditFails, roomStopping, timeAlmostOver

    // Media.
    case cameraNotTaken, connectionFailed, microphoneNotTaken, noVideoDecoder, oneCamera, oneMicrophone,
        tooMuchSent

    // What runs on the desk.
    case activitiesTooFast, activitiesTooMany, activityUnknown, deskBeingReset

    // The desk.
    case cannotHide, deskHearsNobody, deskHearsOnlyOpen, deskHearsTooMany, deskStarting, deskStopped,
        encoderFailed, encoderMissing, layoutFailed, screenFormat, screenLost,
        screenMissing,
        screenUnsuitable, sizeFixed, sizeOutOfRange, sizeRefused, soundLost, soundMissing

    /// In English, for whoever has no words of their own; values stand in braces.
    ///
    /// `{wait}` and `{when}` are made of the value `seconds`.
    package var sentence: String {
        switch self {
        case .joinedAlready: "This page has joined already."
        case .mustBeLetIn: "Somebody has to let you in. Try again in a moment."
        case .notJoined: "Join first."
        case .notRecorded:
            "Nobody can come in at the moment: the room cannot record who does. Tell whoever runs it."
        case .roomClosing:
            "This room is being shut down and lets nobody new in. Ask whoever sent you the link how it goes on."
        case .roomFull: "The room is full."
        case .tooManyFromAddress:
            "Too many people came from your network address at once. Try again in a moment."
        case .tooManySharing:
            """
            There are {most} people in the room already who share your network address. Whoever runs the room can \
            allow more (session.sharing).
            """
        case .nameEmpty: "A name has at least one character that can be seen."
        case .nameHidden:
            "The name has characters that cannot be seen or that turn text around; type it anew."
        case .nameMarks: "The name has more accents on a letter than can be shown."
        case .nameTooLong: "A name has 1 to 64 characters."

        case .tokenBadClaim:
            "This link was made wrongly (“{claim}” is missing or not understood). Tell whoever sent it to you."
        case .tokenDamaged, .tokenTooLong:
            """
            This link is incomplete or was changed on the way. Open it again as it was sent to you, or ask for a new \
            one.
            """
        case .tokenExpired: "This link has expired. Ask whoever sent it to you for a new one."
        case .tokenForged, .tokenUnknownKey, .tokenUnsupported, .tokenWrongAlgorithm:
            """
            This link is not from anybody this room knows. Open it again as it was sent to you, or ask for a new one.
            """
        case .tokenMissing:
            "A link of your own opens this room. Open the one that was sent to you, or ask for it."
        case .tokenNotYetValid: "This link is not valid yet. Come back {when}."
        case .tokenOtherAudience:
            "This link is for another service. Ask whoever sent it to you for one to this room."
        case .tokenOtherRoom: "This link is for another room. Look for the one to this room, or ask for it."
        case .tokenSpent:
            "This link works only once and has been used. Ask whoever sent it to you for a new one."
        case .tokenSpentIsFull:
            """
            This room takes no more links that work only once. Ask whoever sent it to you for another kind of link.
            """
        case .tokenTooManyTries:
            "There were too many tries with links that are not valid. Wait {wait}, then try again."
        case .tokenWithdrawn: "This link has been withdrawn. Ask whoever sent it to you what to do."

        case .removed: "You have been removed from this session."
        case .removedFor: "You have been removed from this session: {reason}"
        case .sessionEnded: "The session has ended. You can close this page."
        case .sessionEndedStopped:
            "The session has ended, because the room was shut down. You can close this page."
        case .sessionEndedTime: "The time for this session is over. You can close this page."
        case .turnedAway: "You are not let in at the moment."
        case .turnedAwayFor: "You are not let in at the moment: {reason}"
        case .beyondYourRights: "You cannot give a right that you do not have."
        case .lastWithRight:
            "Somebody has to be left in the room who can let people in and switch rights."
        case .lineTooLong: "This is too long: 300 characters are the most."
        case .noPlaceToAdmit: "There is no place left in the room."
        case .notYourself: "You cannot do this to yourself."
        case .onlyClinicians: "Only a clinician can do this to a clinician."
        case .personNotThere: "This person is not there any more."

        case .mayNot: "You may not do this in this room."
        case .mayNotArrange: "You may not arrange the desk in this room."
        case .mayNotChat: "You may read the chat in this room, but not write to it."
        case .mayNotControl: "You may watch the desk in this room, but not drive it."
        case .mayNotGrant: "You may not give control to somebody else in this room."
        case .mayNotHear: "You may not hear others in this room."
        case .mayNotLetHear: "You may not choose in this room whom the desk’s programs hear."
        case .mayNotMask: "You may not hide anything of the desk in this room."
        case .mayNotPublishOutside:
            "You may not send by another program than the room’s page (the right publishOutside)."
        case .mayNotSee: "You may not see others in this room."
        case .mayNotShow: "You may not send your camera in this room."
        case .mayNotSpeak: "You may not send your microphone in this room."
        case .mayNotWatchOutside:
            "You may not watch the desk by another program than the room’s page (the right watchOutside)."

        case .controlAsked: "{name} is in control, and has been told that you ask."
        case .controlAskedClinician: "Whoever may give control has been told that you ask."
        case .controlAskedConsent: "The client is asked for consent first."
        case .controlAskedOf: "{name} has been told that you ask."
        case .controlConsentWithdrawn: "The client does not consent to it any more."
        case .controlDeclined: "{name} has said no for now."
        case .controlDeskRestarted: "The desk was started again. Ask for control anew."
        case .controlIdle: "Control has passed on: nothing came from you for a while."
        case .controlInTurns: "Control goes in turns for now, and this is not yours."
        case .controlKept: "{name} would like to keep it for now."
        case .controlLocked: "You are to watch for now."
        case .controlNoConsent: "There is no consent that you drive the desk."
        case .controlNoHandFree: "As many people drive at once as may."
        case .controlNotToThem: "This person cannot be given control at the moment."
        case .controlRevoked: "You may not drive the desk any more."
        case .controlTakenBack: "Control was taken back."
        case .controlTimeIsUp: "Your time in control is over."
        case .controlUnavailable: "Nobody can be given control now."

        case .turnsNobodyElse: "Nobody else is there whose turn it could be."
        case .turnsNotOn: "Nobody takes turns at the moment."
        case .turnsTooFew: "It takes two people to take turns who are here and may drive the desk."

        case .chatEmpty: "There was nothing in your message that can be seen."
        case .chatNotText: "Your message was not text."
        case .chatTooFast: "That was too many messages at once. Wait a moment."
        case .chatTooLong: "Your message is too long. Shorten it, or send it in parts."

        case .auditFails:
            "What happens in this room cannot be recorded at the moment. Nobody new is let in until it can."

        case .roomStopping: "The room is being shut down: the session ends {when}."
        case .timeAlmostOver: "The time for this session is almost over: it ends {when}."

        case .cameraNotTaken: "Your camera cannot be sent: the room does not take it as it is offered."
        case .connectionFailed: "The room could not set up your connection. Reload the page."
        case .microphoneNotTaken:
            "Your microphone cannot be sent: the room does not take it as it is offered."
        case .noVideoDecoder: "This browser cannot show the desk: it decodes neither H.264 nor VP8."
        case .oneCamera: "The room takes one camera a person."
        case .oneMicrophone: "The room takes one microphone a person."
        case .tooMuchSent:
            """
            Your camera or microphone sends more than the room passes on, so part of it is left out. Switch it off \
            and on again.
            """

        case .layoutFailed: "The desk cannot have that keyboard layout, and keeps the one that it has."
        case .activitiesTooFast: "That was too much at once. Wait a moment."
        case .activitiesTooMany: "{most} activities are running already. Stop one of them first."
        case .activityUnknown: "There is no such activity here."
        case .deskBeingReset: "The desk is being reset. It comes back by itself."

        case .cannotHide:
            """
            Nothing of this desk can be hidden, because of the way in which it is captured. Whoever runs the room can \
            change that (desk.capture).
            """
        case .deskHearsNobody:
            """
            The desk’s programs can hear nobody in this room. Whoever runs the room can change that (desk.sound.people).
            """
        case .deskHearsOnlyOpen: "The desk’s programs can hear only those whose microphone is on."
        case .deskHearsTooMany: "The desk’s programs can hear {most} people at once."
        case .deskStarting: "The desk is starting."
        case .deskStopped: "The desk stopped and is being started again."
        case .encoderFailed: "The desk’s video encoder failed and is being started again."
        case .encoderMissing: "The desk cannot be shared: its video encoder is not installed."
        case .screenFormat: "The desk’s screen has a format that cannot be shared."
        case .screenLost: "The desk’s screen went away and is being started again."
        case .screenMissing: "The desk’s screen is not there yet."
        case .screenUnsuitable: "The desk’s screen lacks what sharing it needs."
        case .sizeFixed: "The size of this desk cannot be changed."
        case .sizeOutOfRange: "The desk can be 320 × 240 to {size} pixels large."
        case .sizeRefused: "The desk’s screen has not taken this size. It is as it was."
        case .soundLost: "The picture is live; the desk’s sound went away and is being started again."
        case .soundMissing: "The picture is live; the desk’s sound is not there yet."
        }
    }
}
