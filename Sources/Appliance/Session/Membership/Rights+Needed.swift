package import Access
package import SFU

/// The one place that says which right what needs.
extension Rights {
    /// What a person does, by whatever channel it reaches the room.
    package enum Deed: Hashable, Sendable {
        /// A line of the chat.
        case chat
        case message(ClientMessage)
        /// Shows where they point, without moving anything on the desk.
        case point
        /// Is sent media of this kind.
        case receive(MediaKind)
        /// Sends a microphone or camera.
        case send(MediaKind)
    }

    /// Any one of these is enough; empty: nobody needs a right for it.
    ///
    /// Of control events the lease judges each by itself (`ControlAction.neededRights`).
    package static func needed(for deed: Deed) -> Rights {
        switch deed {
        case .chat: .chat
        case .message(let message): needed(for: message)
        case .point: .point
        case .receive(.audio): .hear
        case .receive(.video): .see
        case .send(.audio): .speak
        case .send(.video): .camera
        }
    }

    private static func needed(for message: ClientMessage) -> Rights {
        switch message {
        // Also whoever has control, to somebody that asks them: the floor decides.
        case .grantControl, .letDrive(_, true, _), .turns(.pass): [.grant, .pointer, .keyboard]
        case .eyesOnMe, .letDrive, .lock, .revokeControl, .setRights, .turns: .grant
        case .admit, .allow, .refuse, .tell, .watch: .admit
        case .curtain, .listWindows, .mask: .mask
        case .setDeskSize: .arrange
        case .endSession, .remove: .remove
        case .setLayout: .arrange
        case .mute: .muteOthers
        case .setDeskEars: .soundIn
        case .requestControl: [.pointer, .keyboard]
        case .resetDesk, .startActivity, .stopActivity: .arrange
        case .connections, .consent, .declineControl, .goodbye, .inputDelay, .join, .leave, .pageState, .ping,
            .publishOffer,
            .releaseControl,
            .restartSubscribe, .setMedia, .subscribeAnswer, .subscribeFailed, .views, .visibility:
            []
        }
    }

    /// Whether a person with these rights may do something.
    package func allow(_ deed: Deed) -> Bool {
        let needed = Self.needed(for: deed)
        return needed.isEmpty || !isDisjoint(with: needed)
    }

    /// Why a person with these rights may not do something; `nil`: they may.
    package func refusal(of deed: Deed) -> Refusal? {
        guard !allow(deed) else { return nil }
        return switch deed {
        case .chat: Refusal(.mayNotChat)
        case .message(.grantControl), .message(.letDrive), .message(.revokeControl), .message(.turns):
            Refusal(.mayNotGrant)
        case .message(.requestControl): Refusal(.mayNotControl)
        case .message(.curtain), .message(.listWindows), .message(.mask): Refusal(.mayNotMask)
        case .message(.setDeskSize): Refusal(.mayNotArrange)
        case .message(.setDeskEars): Refusal(.mayNotLetHear)
        case .message, .point: Refusal(.mayNot)
        case .receive(.audio): Refusal(.mayNotHear)
        case .receive(.video): Refusal(.mayNotSee)
        case .send(.audio): Refusal(.mayNotSpeak)
        case .send(.video): Refusal(.mayNotShow)
        }
    }
}
