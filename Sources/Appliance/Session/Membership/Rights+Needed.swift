package import Access
package import SFU

/// The one place that says which right what needs.
extension Rights {
    /// What a person does, by whatever channel it reaches the room.
    package enum Deed: Hashable, Sendable {
        /// A line of the chat.
        case chat
        case message(ClientMessage)
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
        case .receive(.audio): .hear
        case .receive(.video): .see
        case .send(.audio): .speak
        case .send(.video): .camera
        }
    }

    private static func needed(for message: ClientMessage) -> Rights {
        switch message {
        case .grantControl: .grant
        case .requestControl: [.pointer, .keyboard]
        case .declineControl, .goodbye, .join, .leave, .ping, .publishOffer, .releaseControl,
            .restartSubscribe,
            .setMedia, .subscribeAnswer, .subscribeFailed, .views, .visibility:
            []
        }
    }

    /// Whether a person with these rights may do something.
    package func allow(_ deed: Deed) -> Bool {
        let needed = Self.needed(for: deed)
        return needed.isEmpty || !isDisjoint(with: needed)
    }

    /// Why a person with these rights may not do something, in words for them; `nil`: they may.
    package func refusal(of deed: Deed) -> String? {
        guard !allow(deed) else { return nil }
        return switch deed {
        case .chat: "You may read the chat in this room, but not write to it."
        case .message(.grantControl): "You may not give control to somebody else in this room."
        case .message(.requestControl): "You may watch the desk in this room, but not drive it."
        case .message: "You may not do this in this room."
        case .receive(.audio): "You may not hear others in this room."
        case .receive(.video): "You may not see others in this room."
        case .send(.audio): "You may not send your microphone in this room."
        case .send(.video): "You may not send your camera in this room."
        }
    }
}
